/**
 * Work on several threads. A thread gets the number of the next piece when it has done its last, and results go to
 * the place of their piece: which thread did what cannot be seen in them.
 */
import { Worker } from 'node:worker_threads';

/** What a thread sends for each piece. */
export interface PieceDone<Result> {
  readonly piece: number;
  readonly result: Result;
}

export interface PoolWork {
  /** The module that threads begin with, beside the caller: `new URL('./worker.ts', import.meta.url)`. */
  readonly worker: URL;
  /** What each thread finds in `workerData`; copied. */
  readonly data: unknown;
  readonly pieces: number;
  readonly threads: number;
  /** Called after each piece, with how many are done; giving false ends the work when those begun are done. */
  readonly goOn?: (done: number) => boolean | void;
}

/**
 * What a thread begins with whose module is `worker`. Sources are TypeScript: the loader that runs them must be
 * registered first.
 */
export function entryOf(worker: URL): URL {
  if (import.meta.url.endsWith('.js')) return new URL(worker.href.replace(/\.ts$/, '.js'));
  const loader = import.meta.resolve('tsx/esm/api');
  const begin = `import { register } from '${loader}'; register(); await import('${worker.href}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(begin)}`);
}

/** The results in the order of their pieces; those that were not begun are left out at the end. */
export async function inPool<Result>(work: PoolWork): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let done = 0;
  let ended = false;
  const workers: Worker[] = [];
  const thread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(entryOf(work.worker), { workerData: work.data, execArgv: [] });
      workers.push(worker);
      const give = (): void => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        if (next < work.pieces && !ended) worker.postMessage(next++);
        else resolve();
      };
      worker.on('error', reject);
      worker.on('message', ({ piece, result }: PieceDone<Result>) => {
        results[piece] = result;
        if (work.goOn?.(++done) === false) ended = true;
        give();
      });
      give();
    });
  try {
    await Promise.all(Array.from({ length: work.threads }, thread));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}
