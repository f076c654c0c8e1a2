/** The smallest exercises in which a lock or a barrier can go wrong in every way that it can. */
import {
  BakeryLock,
  type BarrierKind,
  type Code,
  load,
  type LockKind,
  type NumberedLock,
  PetersonLock,
  roundUp,
  store,
} from '../../../../userland/index.ts';
import type { Exercise } from './coverage.ts';

const LINE = 64;
const COUNT = 0x1000;
/** Set when a hart enters an episode: a word for each, so that nobody looks at it while it changes. */
const entered = (hart: number, episode: number): number => 0x2000 + (hart * 16 + episode) * LINE;
const OBJECT = 0x1_0000;

/** A lock that is taken by a thread's number. */
export interface NumberedKind {
  readonly id: string;
  at(address: number, threads: number): NumberedLock;
}

/** Those made of loads and stores. */
export const FROM_READS_AND_WRITES: readonly NumberedKind[] = [
  { id: 'peterson', at: (address) => new PetersonLock(address) },
  { id: 'bakery', at: (address, threads) => new BakeryLock(address, threads) },
];

/** A listed lock, each of whose threads brings a node of its own. */
export const numbered = (kind: LockKind): NumberedKind => ({
  id: kind.id,
  at(address, threads) {
    const lock = kind.at(address, threads);
    const nodes = address + roundUp(kind.size(threads), LINE);
    const nodeOf = (me: number): number => nodes + me * roundUp(kind.nodeSize + 4, LINE);
    return { acquire: (me) => lock.acquire(nodeOf(me)), release: (me) => lock.release(nodeOf(me)) };
  },
});

/** Threads that each add 1 to a counter, with a load and a store, under the lock. */
export function contend(kind: NumberedKind, harts: number, times: number): Exercise {
  const lock = kind.at(OBJECT, harts);
  return {
    harts,
    *code(hart): Code {
      for (let time = 0; time < times; time++) {
        yield* lock.acquire(hart);
        yield store(COUNT, (yield load(COUNT)) + 1);
        yield* lock.release(hart);
      }
    },
    holds: (machine) => machine.peek(COUNT) === harts * times,
  };
}

/** Threads that meet at the barrier again and again; none may leave an episode before all have entered it. */
export function meet(kind: BarrierKind, harts: number, episodes: number): Exercise {
  const barrier = kind.at(OBJECT, harts);
  return {
    harts,
    *code(hart): Code {
      for (let episode = 1; episode <= episodes; episode++) {
        yield store(entered(hart, episode), 1);
        yield* barrier.wait(hart);
        for (let other = 0; other < harts; other++) {
          if (other !== hart && (yield load(entered(other, episode))) === 0)
            throw new Error('passed too early');
        }
      }
    },
    holds: () => true,
  };
}
