/**
 * Two results of `eddy bench`, compared figure by figure. Times are told in bare generator resumes of the host
 * that measured them, so that a faster host is no progress and a slower one no regression.
 */
import { readFileSync } from 'node:fs';
import { UsageError } from '../cli/exit.ts';
import type { BenchResult } from './bench-command.ts';

/** A figure of both results: what something costs, so that less is better. */
export interface ComparedFigure {
  readonly figure: string;
  readonly before: number;
  readonly now: number;
  /** now / before. */
  readonly ratio: number;
}

export interface Comparison {
  readonly file: string;
  readonly figures: readonly ComparedFigure[];
  /** Figures that have become worse by the factor at which it counts. */
  readonly regressions: readonly string[];
}

/** A figure that costs so many times what it did is a regression. */
export const REGRESSION = 2;

/** The earlier result in a file. @throws UsageError when the file cannot be read, or holds none */
export function readResult(path: string): BenchResult {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(`--against ${path}: ${missing ? 'no such file' : (error as Error).message}`);
  }
  const result = value as BenchResult | null;
  if (!(Number(result?.bareResumeNs) > 0) || !Array.isArray(result?.workloads))
    throw new UsageError(`--against ${path}: this is no result of eddy bench --json`);
  return result as BenchResult;
}

/** Compares what both have; figures that the earlier one did not measure yet are left out. */
export function compare(file: string, before: BenchResult, now: BenchResult): Comparison {
  const earlier = costs(before);
  const figures = [...costs(now)].flatMap(([figure, cost]) => {
    const old = earlier.get(figure);
    return old === undefined ? [] : [{ figure, before: old, now: cost, ratio: cost / old }];
  });
  const regressions = figures.filter(({ ratio }) => ratio >= REGRESSION).map(({ figure }) => figure);
  return { file, figures, regressions };
}

/** What everything costs, by name. */
function costs(result: BenchResult): Map<string, number> {
  const { bareResumeNs, workloads, faultsPerSecond, schedulesPerSecond, crowd, footprint } = result;
  const inResumes = (perSecond: number): number => 1e9 / perSecond / bareResumeNs;
  const named: [string, number | undefined][] = [
    ...workloads.map(({ id, harts, costRatio }): [string, number] => [`${id} ${harts}`, costRatio]),
    ['page fault', inResumes(faultsPerSecond)],
    ['schedule', schedulesPerSecond === null ? undefined : inResumes(schedulesPerSecond)],
    ['spinning beside wfi', crowd?.ratio],
    ['memory of 1,024 harts', footprint?.peakRssMiB],
  ];
  return new Map(
    named.filter((entry): entry is [string, number] => Number.isFinite(entry[1]) && Number(entry[1]) > 0),
  );
}
