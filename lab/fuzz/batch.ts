/** Runs cases in batches: what a thread does at a time, and what it sends back. */
import type { Failure } from '../explore/subject.ts';
import { drawCase } from './draw-case.ts';
import { runCase } from './run-case.ts';

/** Cases of a batch. */
export const BATCH = 20;

/** Which cases a run has. */
export interface FuzzTask {
  readonly seed: number;
  readonly programs: number;
}

export interface BatchResult {
  readonly calls: readonly (readonly [name: string, count: number])[];
  /** Cases that failed, by number. */
  readonly failures: readonly { readonly index: number; readonly failure: Failure }[];
  readonly programs: number;
}

/** Runs batch `number` of a run. */
export function runBatch({ seed, programs }: FuzzTask, number: number): BatchResult {
  const calls = new Map<string, number>();
  const failures: { index: number; failure: Failure }[] = [];
  const end = Math.min(programs, (number + 1) * BATCH);
  for (let index = number * BATCH; index < end; index++) {
    const ran = runCase(drawCase(seed, index));
    for (const [name, count] of ran.calls) calls.set(name, (calls.get(name) ?? 0) + count);
    if (ran.failure !== undefined) failures.push({ index, failure: ran.failure });
  }
  return { calls: [...calls], failures, programs: end - number * BATCH };
}
