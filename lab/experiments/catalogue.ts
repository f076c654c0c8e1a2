/** The experiments there are. */
import { allocator } from './allocator/allocator.ts';
import { barriers } from './barriers/barriers.ts';
import { coherence } from './coherence/coherence.ts';
import type { Experiment } from './framework/experiment.ts';
import { latencyProbe } from './latency-probe/latency-probe.ts';
import { locks } from './locks/locks.ts';
import { scalability } from './scalability/scalability.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  coherence,
  scalability,
  latencyProbe,
  allocator,
  locks,
  barriers,
];

/** The experiment of an id, or undefined. */
export const findExperiment = (id: string): Experiment | undefined =>
  EXPERIMENTS.find((experiment) => experiment.id === id);
