/** A measuring thread: gets numbers of cells and sends their rows. */
import { parentPort, workerData } from 'node:worker_threads';
import { findExperiment } from '../catalogue.ts';
import type { Cell, Experiment } from './experiment.ts';
import type { CellDone, PoolTask } from './pool.ts';
import { cellsOf, measureCell } from './sweep.ts';

const { experiment: id, settings } = workerData as PoolTask;
const experiment = findExperiment(id) as Experiment;
const cells = cellsOf(experiment, settings);

parentPort?.on('message', (cell: number) => {
  const rows = measureCell(experiment, cells[cell] as Cell, settings);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage({ cell, rows } satisfies CellDone);
});
