/** Which invariants must hold where a run has stopped. */
import type { Machine, Stop } from '../../../hw/machine.ts';
import { kernelAtRest } from '../../../kernel/index.ts';
import type { Holds } from './invariant.ts';

/** None but those that hold always where the run was cut off. */
export function momentsAtEnd(machine: Machine, { kind }: Stop): readonly Holds[] {
  if (kind !== 'halted' && kind !== 'finished' && kind !== 'deadlock') return [];
  // The kernel switches the machine off when all is done; nor is anything under way where nobody can go on.
  return kind === 'halted' || kernelAtRest(machine) ? ['at-rest', 'end'] : ['end'];
}
