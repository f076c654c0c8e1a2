/** Carries out `eddy fuzz`: runs cases, shrinks the first of each kind that fails, and shows how to run it again. */
import { existsSync, readFileSync } from 'node:fs';
import { EXIT } from '../cli/exit.ts';
import type { Host } from '../cli/host.ts';
import type { Failure } from '../explore/subject.ts';
import { inPool } from '../pool/pool.ts';
import { progressFor } from '../view/progress-bar.ts';
import { BATCH, type BatchResult, type FuzzTask, runBatch } from './batch.ts';
import { parseCase } from './case-text.ts';
import { drawCase } from './draw-case.ts';
import { countsOf, type FuzzResult, reported, type ReportedFailure, resultInWords } from './fuzz-result.ts';
import { runCase } from './run-case.ts';
import { shrinkCase } from './shrink-case.ts';
import { shrinkSchedule } from './shrink-schedule.ts';

export interface FuzzOptions extends FuzzTask {
  /** Host seconds after which no more cases are begun. */
  readonly seconds: number;
  readonly jobs: number;
  /** A case as text, or a file with one, to be run instead. */
  readonly replay?: string;
  readonly json?: boolean;
}

/** Fuzzes the kernel; gives the exit status. */
export async function fuzz(options: FuzzOptions, host: Host): Promise<number> {
  const started = performance.now();
  const { seed, replay } = options;
  const found = replay === undefined ? await search(options, host) : again(replay);
  const result: FuzzResult = {
    seed,
    programs: found.programs,
    syscalls: countsOf(found.calls),
    failures: found.failures,
    hostSeconds: (performance.now() - started) / 1000,
  };
  host.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : resultInWords(result));
  if (result.failures.length > 0) return EXIT.crashed;
  if (replay !== undefined || found.programs === options.programs) return EXIT.ok;
  host.err(`eddy: ${options.seconds} s have passed (--seconds) after ${found.programs} programs\n`);
  return EXIT.budget;
}

interface Found {
  readonly programs: number;
  readonly calls: ReadonlyMap<string, number>;
  readonly failures: readonly ReportedFailure[];
}

async function search(options: FuzzOptions, host: Host): Promise<Found> {
  const { seed, programs, seconds } = options;
  const bar = progressFor(host, 'fuzzing', programs, 'programs');
  const end = performance.now() + 1000 * seconds;
  const batches = await runBatches(options, (done) => {
    bar.update(Math.min(programs, done * BATCH));
    return performance.now() < end;
  });
  bar.done();
  const calls = new Map<string, number>();
  for (const [name, count] of batches.flatMap((batch) => batch.calls))
    calls.set(name, (calls.get(name) ?? 0) + count);
  return {
    programs: batches.reduce((sum, batch) => sum + batch.programs, 0),
    calls,
    failures: kindsOf(batches.flatMap((batch) => batch.failures)).map((kind) => {
      const progress = progressFor(host, `shrinking ${kind.failure.invariant}`, 1e9, 'runs');
      let runs = 0;
      const failed = { fuzz: drawCase(seed, kind.first), failure: kind.failure };
      const shrunk = shrinkSchedule(shrinkCase(failed, () => progress.update(++runs)));
      progress.done();
      return reported(shrunk, kind.occurrences, kind.first);
    }),
  };
}

async function runBatches(
  options: FuzzOptions,
  goOn: (done: number) => boolean,
): Promise<readonly BatchResult[]> {
  const { seed, programs, jobs } = options;
  const task: FuzzTask = { seed, programs };
  const pieces = Math.ceil(programs / BATCH);
  const threads = Math.min(jobs, pieces);
  if (threads > 1) {
    const worker = new URL('./worker.ts', import.meta.url);
    return inPool<BatchResult>({ worker, data: task, pieces, threads, goOn });
  }
  const results: BatchResult[] = [];
  while (results.length < pieces) {
    results.push(runBatch(task, results.length));
    if (!goOn(results.length)) break;
  }
  return results;
}

interface Kind {
  readonly failure: Failure;
  readonly first: number;
  readonly occurrences: number;
}

/** Failures of one kind are the same, as far as anybody can tell: the first stands for all. */
function kindsOf(failures: readonly { readonly index: number; readonly failure: Failure }[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { index, failure } of failures) {
    const known = kinds.get(failure.invariant);
    kinds.set(
      failure.invariant,
      known === undefined
        ? { failure, first: index, occurrences: 1 }
        : { ...known, occurrences: known.occurrences + 1 },
    );
  }
  return [...kinds.values()];
}

/** Runs one case, as it stands. */
function again(replay: string): Found {
  const given = parseCase(existsSync(replay) ? readFileSync(replay, 'utf8') : replay);
  const { failure, calls } = runCase(given);
  const failures = failure === undefined ? [] : [reported({ fuzz: given, failure }, 1, 0)];
  return { programs: 1, calls, failures };
}
