/** The invariants of coherence as a failure. */
import type { Machine } from '../../hw/machine.ts';
import type { Failure } from '../explore/subject.ts';
import { coherence } from '../testing/invariants/coherence.ts';

/** What is first found broken; nothing on a machine without coherence. */
export function brokenCoherence(machine: Machine): Failure | undefined {
  const [message] = coherence.watch(machine)();
  return message === undefined ? undefined : { invariant: coherence.id, message };
}
