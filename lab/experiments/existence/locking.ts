/** Page faults of the threads of one process, each in a region of its own, with one form of locking or the other. */
import type { Row, Settings } from '../framework/experiment.ts';
import { measureFaults } from '../framework/fault-run.ts';

export function measureLocking(scheme: string, harts: number, settings: Settings): Row {
  const pages = settings.parameters['pages'] as number;
  const parameters = { pages, threads: harts };
  return measureFaults({ harts, options: { locking: scheme }, parameters }, settings);
}
