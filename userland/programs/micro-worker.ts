/**
 * What the workers of `micro` have in common: each is told in one word how often and from when, begins by the clock, and prints
 * what an operation took.
 */
import type { Code } from '../../hw/isa/index.ts';
import type { Env } from '../runtime/env.ts';
import { place } from '../runtime/marks.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { clock, sleep } from '../runtime/system-calls.ts';

/** What a worker is told in one word: how many operations, and at what time to begin, in units of 2^START_SHIFT cycles. */
const START_SHIFT = 12;
const COUNT_SHIFT = 19;

/** The status of a worker that was not ready in time. */
export const LATE = 1;

/** The word for a worker that does so many operations, from so many cycles from now on. */
export function* toldWord(operations: number, cycles: number): Code<number> {
  return (operations << COUNT_SHIFT) | (((yield* clock()) + cycles) >>> START_SHIFT);
}

/** How many operations a worker is told to do. */
export const operationsOf = (told: number): number => told >>> COUNT_SHIFT;

/** Reads the clock, does the work, and prints what an operation took. */
export function* timed(env: Env, operations: number, work: Code): Code {
  const before = yield* clock();
  yield* place('begin');
  yield* work;
  yield* place('end');
  const cycles = (yield* clock()) - before;
  yield* env.print(`worker ${yield* env.hart()}: ${(cycles / operations).toFixed(1)} cycles an operation\n`);
}

/** Sleeps until the time that a worker is told; gives whether there was time left. */
export function* awaitStart(told: number): Code<boolean> {
  const start = (told & ((1 << COUNT_SHIFT) - 1)) << START_SHIFT;
  const left = start - (yield* clock());
  if (left <= 0) return false;
  orThrow('sleep', yield* sleep(left));
  return true;
}
