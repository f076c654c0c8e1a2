/** Which invariants must hold where a run has stopped. */
import type { Machine, Stop } from '../../../hw/machine.ts';
import { kernelAtRest } from '../../../kernel/index.ts';
import type { Holds } from './invariant.ts';

/** None but those that hold always where the run was cut off. */
export function momentsAtEnd(machine: Machine, { kind }: Stop): readonly Holds[] {
  if (kind !== 'halted' && kind !== 'finished' && kind !== 'deadlock') return [];
  // When one hart switches the machine off, others may be in the midst of something.
  return kernelAtRest(machine, kind === 'halted' ? machine.actingHart : -1) ? ['at-rest', 'end'] : ['end'];
}
