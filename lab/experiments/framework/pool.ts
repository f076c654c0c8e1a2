/**
 * Measures cells on several threads. A thread gets the next cell when it has done its last, and rows go to
 * the place of their cell: which thread measured what cannot be seen in the result.
 */
import { Worker } from 'node:worker_threads';
import type { Row, Settings } from './experiment.ts';

/** What a measuring thread is started with. */
export interface PoolTask {
  readonly experiment: string;
  readonly settings: Settings;
}

/** What it sends for each cell. */
export interface CellDone {
  readonly cell: number;
  readonly rows: Row[];
}

const BUILT = import.meta.url.endsWith('.js');

/** What a thread begins with. Sources are TypeScript: the loader that runs them must be registered first. */
function entry(): URL {
  if (BUILT) return new URL('./worker.js', import.meta.url);
  const loader = import.meta.resolve('tsx/esm/api');
  const worker = new URL('./worker.ts', import.meta.url).href;
  const begin = `import { register } from '${loader}'; register(); await import('${worker}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(begin)}`);
}

/** The rows of all cells, in the order of the cells. */
export async function measureInPool(
  experiment: string,
  settings: Settings,
  cells: number,
  threads: number,
  progress?: (done: number) => void,
): Promise<Row[][]> {
  const rows = new Array<Row[]>(cells);
  let next = 0;
  let done = 0;
  const task: PoolTask = { experiment, settings };
  const workers: Worker[] = [];
  const thread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(entry(), { workerData: task, execArgv: [] });
      workers.push(worker);
      const give = (): void => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        if (next < cells) worker.postMessage(next++);
        else resolve();
      };
      worker.on('error', reject);
      worker.on('message', ({ cell, rows: measured }: CellDone) => {
        rows[cell] = measured;
        progress?.(++done);
        give();
      });
      give();
    });
  try {
    await Promise.all(Array.from({ length: threads }, thread));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return rows;
}
