/**
 * Worker threads that carry out parts of a search. They count their schedules in shared memory, so that a progress bar
 * can show them, and look there for the last part that is of use.
 */
import { Worker } from 'node:worker_threads';
import { entryOf } from '../pool/pool.ts';
import type { PartLimits, PartResult } from './carry-out.ts';
import type { Merger, Numbered } from './merger.ts';
import type { ReplayedOptions } from './replay-command.ts';
import type { Settings } from './strategies.ts';
import type { Strategy } from './strategy.ts';

/** All that a worker needs to know: plain data, from which it makes the plan and the search itself. */
export interface WorkerTask {
  readonly target: string;
  readonly options: ReplayedOptions;
  readonly strategy: Strategy;
  readonly settings: Settings;
  readonly limits: PartLimits;
  /** Words by `SHARED`. */
  readonly shared: Int32Array;
}

/** What each word of the shared memory holds: schedules that were run, and the last part that is of use. */
export const SHARED = { schedules: 0, lastUseful: 1 } as const;

/** What a worker says: it can begin, or what came of a part. */
export type FromWorker = 'ready' | { readonly number: number; readonly result: PartResult };

const MOST = 0x7fff_ffff;
const SHOWS_EVERY = 100;
const WORKER = entryOf(new URL('./worker.ts', import.meta.url));

/**
 * Carries out what is left of a search.
 * @param redo a part that was given out before, and not carried out
 * @param show is told how many schedules have been run
 */
export async function carryOutBy(
  jobs: number,
  task: Omit<WorkerTask, 'shared'>,
  merger: Merger,
  redo: Numbered | undefined,
  show: (schedules: number) => void,
): Promise<void> {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  shared[SHARED.schedules] = merger.schedules;
  shared[SHARED.lastUseful] = MOST;
  const workers = Array.from({ length: jobs }, () => {
    const workerData: WorkerTask = { ...task, shared };
    return new Worker(WORKER, { workerData, execArgv: [] });
  });
  const timer = setInterval(() => show(Atomics.load(shared, SHARED.schedules)), SHOWS_EVERY);
  const idle = new Set<Worker>();
  let first = redo;
  /** Gives parts to idle workers; says whether all is done. */
  const distribute = (): boolean => {
    for (const worker of idle) {
      const next = first ?? merger.next();
      first = undefined;
      if (next === undefined) break;
      idle.delete(worker);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(next);
    }
    return merger.over;
  };
  try {
    await new Promise<void>((resolve, reject) => {
      for (const worker of workers) {
        worker.on('error', reject);
        worker.on('message', (message: FromWorker) => {
          idle.add(worker);
          if (message !== 'ready') merger.take(message.number, message.result);
          Atomics.store(shared, SHARED.lastUseful, Math.min(MOST, merger.lastUseful));
          if (distribute()) resolve();
        });
      }
    });
  } finally {
    clearInterval(timer);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
