/** Conducts an experiment: every cell is measured, on one thread or several, and every claim is judged. */
import type { Experiment, Row, Settings } from './experiment.ts';
import { type Judgement, judge } from './judge.ts';
import { measureInPool } from './pool.ts';
import { cellsOf, measureCell } from './sweep.ts';

/** What came of an experiment: the document of `eddy experiment --json`. */
export interface ExperimentResult {
  readonly experiment: string;
  readonly question: string;
  readonly sources: readonly string[];
  readonly rows: readonly Row[];
  readonly claims: readonly Judgement[];
  readonly hostSeconds: number;
}

export interface ConductOptions {
  /** Threads to measure on; the rows are the same for any number. */
  readonly jobs: number;
  /** Hears how many cells are done. */
  readonly progress?: (done: number) => void;
}

export async function conduct(
  experiment: Experiment,
  settings: Settings,
  { jobs, progress }: ConductOptions,
): Promise<ExperimentResult> {
  const start = performance.now();
  const cells = cellsOf(experiment, settings);
  const threads = Math.min(jobs, cells.length);
  const measured: Row[][] =
    threads > 1
      ? await measureInPool(experiment.id, settings, cells.length, threads, progress)
      : cells.map((cell, index) => {
          const rows = measureCell(experiment, cell, settings);
          progress?.(index + 1);
          return rows;
        });
  const rows = measured.flat();
  return {
    experiment: experiment.id,
    question: experiment.question,
    sources: experiment.sources,
    rows,
    claims: experiment.claims.map((claim) => judge(claim, rows)),
    hostSeconds: (performance.now() - start) / 1000,
  };
}
