/** The invariants of coherence as a failure. */
import { brokenInvariants } from '../../hw/coherence/broken-invariants.ts';
import type { Machine } from '../../hw/machine.ts';
import type { Failure } from '../explore/subject.ts';

/** What is first found broken; nothing on a machine without coherence. */
export function brokenCoherence(machine: Machine): Failure | undefined {
  const [message] = machine.nonCoherent ? [] : brokenInvariants(machine);
  return message === undefined ? undefined : { invariant: 'coherence', message };
}
