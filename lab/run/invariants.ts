/** The kernel's invariants after a run: only those that are broken have something to say. */
import type { Machine } from '../../hw/machine.ts';
import { checkInvariants } from '../../kernel/index.ts';
import type { Check } from './checks.ts';
import type { Ending } from './ending.ts';

/** They hold when the kernel has switched the machine off, for then all is done, and when all harts idle. */
const AT_REST: ReadonlySet<Ending['kind']> = new Set(['exited', 'deadlock']);

/** The invariants that do not hold. */
export function brokenInvariants(machine: Machine, ending: Ending): Check[] {
  if (!AT_REST.has(ending.kind)) return [];
  if (ending.kind === 'deadlock' && worksInKernel(machine)) return [];
  return checkInvariants(machine)
    .filter((verdict) => !verdict.ok)
    .map(({ id, ok, detail }) => ({ id: `invariant.${id}`, ok, detail }));
}

/** Whether a hart is in the midst of kernel code: threads that spin for ever are found out at any step. */
function worksInKernel(machine: Machine): boolean {
  for (let hart = 0; hart < machine.harts; hart++)
    if (machine.activity(hart) === 'ready' && !machine.isUser(hart)) return true;
  return false;
}
