/** A measuring thread: measures the cells whose numbers it gets. */
import { servePieces } from '../../pool/serve.ts';
import { findExperiment } from '../catalogue.ts';
import type { Cell, Experiment } from './experiment.ts';
import type { PoolTask } from './pool.ts';
import { cellsOf, measureCell } from './sweep.ts';

servePieces(({ experiment: id, settings }: PoolTask) => {
  const experiment = findExperiment(id) as Experiment;
  const cells = cellsOf(experiment, settings);
  return (cell) => measureCell(experiment, cells[cell] as Cell, settings);
});
