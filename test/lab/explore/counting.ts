/** Threads that add to a counter with a load and a store, under a lock: what each execution counts. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { everyExecution, type Exploration } from '../../../lab/explore/every-execution.ts';
import type { NumberedLock } from '../../../userland/sync/index.ts';

const COUNT = 0x1000;
/** Where the lock lies that the threads take. */
export const LOCK = 0x2000;
/** The machine is built anew for each execution. */
const SMALL = {
  memoryPerNode: 1 << 20,
  l1: { size: 1024, ways: 2, line: 64 },
  disk: { blocks: 8, seek: 0, transfer: 1 },
} as const;
/** Stores that a buffer holds under each model. */
const MODELS = { sc: 0, tso: 4 } as const;
export type Model = keyof typeof MODELS;

export interface Counted extends Exploration {
  /** How executions ended and what they counted (`finished 1 of 2`), each with how many did so. */
  readonly ends: ReadonlyMap<string, number>;
}

function* adder(lock: NumberedLock, me: number, times: number): Code {
  for (let time = 0; time < times; time++) {
    yield* lock.acquire(me);
    const count = yield load(COUNT);
    yield store(COUNT, count + 1);
    yield* lock.release(me);
  }
}

/**
 * Runs every execution, or all until the first that does not count right.
 * @param times how often each thread takes the lock
 */
export function count(
  lock: NumberedLock,
  times: readonly number[],
  model: Model,
  { untilWrong = false } = {},
): Counted {
  const all = times.reduce((sum, own) => sum + own);
  const ends = new Map<string, number>();
  const exploration = everyExecution(
    () => {
      const machine = new Machine(
        presetConfig('smp', { harts: times.length, set: { ...SMALL, storeBuffer: MODELS[model] } }),
      );
      times.forEach((own, me) => machine.start(me, () => adder(lock, me, own)));
      return machine;
    },
    (machine, stop) => {
      const end = `${stop.kind} ${machine.peek(COUNT)} of ${all}`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      return !untilWrong || end === `finished ${all} of ${all}`;
    },
  );
  return { ...exploration, ends };
}
