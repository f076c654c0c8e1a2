/**
 * The integer counter: one interface, two ways to use representatives.
 *
 * Partitioned: each representative has a part of the value; adding touches the own one, reading all of them.
 * Replicated: each has a copy; reading touches the own one, adding all of them, under the lock of the root. With
 * one representative for all harts both are what a kernel without clustered objects would have.
 */
import { type Code, fetchAndAdd, load } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { Root, ROOT } from '../objects/root.ts';
import { sumOfParts } from '../objects/transfer.ts';
import { View } from '../view.ts';
import { addToCopies } from './copies.ts';
import { COUNTER } from './layout.ts';

/** A representative, whatever its class. */
export interface Counter {
  readonly address: number;
  add(local: number, amount: number): Code;
  read(local: number): Code<number>;
}

class PartOfCounter extends View implements Counter {
  // DOC: counter-add
  *add(_local: number, amount: number): Code {
    yield fetchAndAdd(this.address + COUNTER.value, amount);
  }

  // DOC: counter-read
  /** Under the lock of the root, so that no representative is made, and no part moves, while they are added up. */
  *read(local: number): Code<number> {
    const root = new Root(yield load(this.address + COUNTER.root));
    if ((yield load(root.address + ROOT.clusters)) === 1) return yield load(this.address + COUNTER.value);
    yield* acquire(root.address + ROOT.lock);
    const sum = yield* sumOfParts(local, root);
    yield* release(root.address + ROOT.lock);
    return sum;
  }
}

class CopyOfCounter extends View implements Counter {
  *add(local: number, amount: number): Code {
    yield* addToCopies(local, new Root(yield load(this.address + COUNTER.root)), amount);
  }

  *read(): Code<number> {
    return yield load(this.address + COUNTER.value);
  }
}

/** The view that the class word of a representative chooses; undefined if it is no counter's. */
export const counterAt = (classWord: number, rep: number): Counter | undefined => {
  if (classWord === CLASS.counterPartitioned) return new PartOfCounter(rep);
  return classWord === CLASS.counterReplicated ? new CopyOfCounter(rep) : undefined;
};
