/** A measuring thread: measures the cells whose numbers it gets. Files of the user's own it loads by itself. */
import { workerData } from 'node:worker_threads';
import { servePieces } from '../../pool/serve.ts';
import { findExperiment } from '../catalogue.ts';
import { withOwnKinds } from '../own-kinds.ts';
import type { Cell, Experiment } from './experiment.ts';
import type { PoolTask } from './pool.ts';
import { cellsOf, measureCell } from './sweep.ts';

const { experiment: id, settings } = workerData as PoolTask;
const experiment = await withOwnKinds(findExperiment(id) as Experiment, settings.files, true);
const cells = cellsOf(experiment, settings);

servePieces(() => (cell: number) => measureCell(experiment, cells[cell] as Cell, settings));
