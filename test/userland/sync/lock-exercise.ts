/**
 * What a lock is put through, written once for every kind: harts without a kernel, on one machine.
 *
 * Two exercises. `contend`: all take the lock again and again, with seeded pauses; an intruder or a lost addition
 * is noted. `queueUp`: one holds the lock while the others ask for it, a long time after one another.
 */
import type { Stop } from '../../../hw/machine.ts';
import {
  fetchAndAdd,
  LINE,
  load,
  type LockKind,
  roundUp,
  spinUntil,
  store,
  work,
} from '../../../userland/index.ts';
import { type Trial, tryBare } from './machines.ts';

/** Where things lie from the start of the shared memory. */
const INSIDE = 0;
const INTRUSIONS = LINE;
const COUNT = 2 * LINE;
const ORDER = 3 * LINE;
const MOST_HARTS = 64;
const NODES = ORDER + 4 * MOST_HARTS;
const nodeOf = (kind: LockKind, hart: number): number => NODES + hart * roundUp(kind.nodeSize + 4, LINE);
/** Behind all nodes. */
const LOCK = NODES + MOST_HARTS * 4 * LINE;

/** A pause of 0 to 63 cycles, different for each hart and round. */
const pauseOf = (hart: number, round: number): number =>
  (Math.imul(hart * 31 + round * 7 + 1, 0x9e3779b1) >>> 26) & 63;

export interface Contention {
  readonly stop: Stop;
  /** How often somebody came in while somebody was inside. */
  readonly intrusions: number;
  /** What the counter under the lock says; `expected` when nothing was lost. */
  readonly count: number;
  readonly expected: number;
}

/** All harts take the lock `rounds` times each. */
export function contend(kind: LockKind, trial: Trial, rounds: number): Contention {
  const { stop, word } = tryBare(trial, function* (env) {
    const memory = yield* env.memory();
    const node = memory + nodeOf(kind, env.hart());
    const lock = kind.at(memory + LOCK, trial.harts);
    for (let round = 0; round < rounds; round++) {
      yield work(pauseOf(env.hart(), round));
      yield* lock.acquire(node);
      if ((yield fetchAndAdd(memory + INSIDE, 1)) !== 0) yield fetchAndAdd(memory + INTRUSIONS, 1);
      const count = yield load(memory + COUNT);
      yield work(pauseOf(round, env.hart()));
      yield store(memory + COUNT, count + 1);
      yield fetchAndAdd(memory + INSIDE, -1);
      yield* lock.release(node);
    }
  });
  return { stop, intrusions: word(INTRUSIONS), count: word(COUNT), expected: trial.harts * rounds };
}

/** Long enough that whoever asks first has asked before the next one begins. */
const APART = 20_000;

/** The order in which harts 1, 2, … get a lock that they ask for in that order while hart 0 holds it. */
export function queueUp(kind: LockKind, trial: Trial): { stop: Stop; order: number[] } {
  const { stop, word } = tryBare(trial, function* (env) {
    const memory = yield* env.memory();
    const harts = yield* env.harts();
    const hart = env.hart();
    const lock = kind.at(memory + LOCK, trial.harts);
    const node = memory + nodeOf(kind, hart);
    // Hart 0 has the lock before anyone else asks for it.
    if (hart > 0) {
      yield spinUntil(memory + INSIDE, 1);
      yield work(hart * APART);
    }
    yield* lock.acquire(node);
    if (hart === 0) {
      yield store(memory + INSIDE, 1);
      yield work(harts * APART);
    } else {
      const place = yield load(memory + COUNT);
      yield store(memory + ORDER + 4 * place, hart);
      yield store(memory + COUNT, place + 1);
    }
    yield* lock.release(node);
  });
  const order = Array.from({ length: word(COUNT) }, (_, place) => word(ORDER + 4 * place));
  return { stop, order };
}
