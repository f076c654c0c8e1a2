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
  return checkInvariants(machine)
    .filter((verdict) => !verdict.ok)
    .map(({ id, ok, detail }) => ({ id: `invariant.${id}`, ok, detail }));
}
