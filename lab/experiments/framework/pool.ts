/** Measures cells on several threads. */
import { inPool } from '../../pool/pool.ts';
import type { Row, Settings } from './experiment.ts';

/** What a measuring thread is started with. */
export interface PoolTask {
  readonly experiment: string;
  readonly settings: Settings;
}

/** The rows of all cells, in the order of the cells. */
export function measureInPool(
  experiment: string,
  settings: Settings,
  cells: number,
  threads: number,
  progress?: (done: number) => void,
): Promise<Row[][]> {
  return inPool<Row[]>({
    worker: new URL('./worker.ts', import.meta.url),
    data: { experiment, settings } satisfies PoolTask,
    pieces: cells,
    threads,
    ...(progress === undefined ? {} : { goOn: progress }),
  });
}
