/**
 * What resuming a generator costs on this host: the program of the `private` workload, resumed by a loop that
 * does nothing with its instructions. The unit in which the cost of an emulated instruction is told, so that
 * hosts of different speed can be compared.
 */
import { WORKLOADS } from './workloads.ts';

const ROUNDS = 7;

/** Nanoseconds per resume: the median of several rounds. */
export function bareResumeNs(resumes: number): number {
  const { procedure } = WORKLOADS[0] as (typeof WORKLOADS)[number];
  const times = Array.from({ length: ROUNDS }, () => {
    const program = procedure(0, resumes);
    const start = process.hrtime.bigint();
    for (let index = 0; index < resumes; index++) program.next(index);
    return Number(process.hrtime.bigint() - start) / resumes;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}
