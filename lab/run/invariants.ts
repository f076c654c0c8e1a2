/** The kernel's invariants after a run: only those that are broken have something to say. */
import type { Machine } from '../../hw/machine.ts';
import { checkInvariants, kernelAtRest } from '../../kernel/index.ts';
import type { Check } from './checks.ts';
import type { Ending } from './ending.ts';

/** They hold whenever no hart is inside the kernel: when the machine has halted by itself, or all harts idle. */
const AT_REST: ReadonlySet<Ending['kind']> = new Set(['exited', 'deadlock']);

/** The invariants that do not hold. */
export function brokenInvariants(machine: Machine, ending: Ending): Check[] {
  if (!AT_REST.has(ending.kind)) return [];
  // When one hart switches the machine off, another may be in the midst of something.
  if (ending.kind === 'exited' && !kernelAtRest(machine, machine.actingHart)) return [];
  return checkInvariants(machine)
    .filter((verdict) => !verdict.ok)
    .map(({ id, ok, detail }) => ({ id: `invariant.${id}`, ok, detail }));
}
