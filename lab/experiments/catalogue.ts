/** The experiments there are. */
import { allocator } from './allocator/allocator.ts';
import { barriers } from './barriers/barriers.ts';
import { clusteredCounter } from './clustered-counter/clustered-counter.ts';
import { coherence } from './coherence/coherence.ts';
import { degrees } from './degrees/degrees.ts';
import { destruction } from './destruction/destruction.ts';
import { existence } from './existence/existence.ts';
import { faultService } from './fault-service/fault-service.ts';
import type { Experiment } from './framework/experiment.ts';
import { grading } from './grading/grading.ts';
import { latencyProbe } from './latency-probe/latency-probe.ts';
import { locks } from './locks/locks.ts';
import { domainCaching } from './lrpc/domain-caching.ts';
import { lrpc } from './lrpc/lrpc.ts';
import { lrpcThroughput } from './lrpc/lrpc-throughput.ts';
import { multithreading } from './multithreading/multithreading.ts';
import { pageFault } from './page-fault/page-fault.ts';
import { placement } from './placement/placement.ts';
import { ppc } from './ppc/ppc.ts';
import { programs } from './programs/programs.ts';
import { affinity } from './scheduling/affinity.ts';
import { aging } from './scheduling/aging.ts';
import { cacheAware } from './scheduling/cache-aware.ts';
import { footprint } from './scheduling/footprint.ts';
import { procrastination } from './scheduling/procrastination.ts';
import { quiz } from './scheduling/quiz.ts';
import { scalability } from './scalability/scalability.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  coherence,
  scalability,
  latencyProbe,
  multithreading,
  allocator,
  clusteredCounter,
  destruction,
  existence,
  degrees,
  pageFault,
  placement,
  faultService,
  locks,
  barriers,
  grading,
  lrpc,
  lrpcThroughput,
  domainCaching,
  ppc,
  programs,
  footprint,
  affinity,
  aging,
  procrastination,
  quiz,
  cacheAware,
];

/** The experiment of an id, or undefined. */
export const findExperiment = (id: string): Experiment | undefined =>
  EXPERIMENTS.find((experiment) => experiment.id === id);
