/** Invariant 1 of the design: one writer or many readers, and equal copies. */
import { brokenInvariants } from '../../../hw/coherence/broken-invariants.ts';
import { stateInvariant } from './invariant.ts';

/** Looks at every cache as a whole: after every instruction only affordable with small ones. */
export const coherence = stateInvariant(
  'coherence',
  'A line has one writer or many readers; every copy equals the dirty one, or memory.',
  'always',
  (machine) => (machine.nonCoherent ? [] : brokenInvariants(machine)),
);
