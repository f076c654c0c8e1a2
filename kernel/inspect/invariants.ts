/**
 * The kernel's invariants, checked from the host side. They hold whenever no hart is inside the kernel: when
 * the machine has halted, or when all its harts idle. (In between, a frame may be on its way from one list to
 * another.)
 */
import type { Machine } from '../../hw/machine.ts';
import { checkFrames } from './check-frames.ts';
import { checkHeap } from './check-heap.ts';
import { checkObjects } from './check-objects.ts';
import { checkScheduling } from './check-scheduling.ts';
import { checkTlb } from './check-tlb.ts';
import { Reader } from './reader.ts';

export interface Verdict {
  readonly id: string;
  readonly ok: boolean;
  /** What was counted, or the first violations. */
  readonly detail: string;
}

const MOST_SHOWN = 5;

/** Checks every invariant. */
export function checkInvariants(machine: Machine): Verdict[] {
  const reader = new Reader(machine);
  if (!reader.loaded) return [];
  const checks = {
    frames: checkFrames,
    tlb: checkTlb,
    objects: checkObjects,
    scheduling: checkScheduling,
    heap: checkHeap,
  };
  return Object.entries(checks).map(([id, check]) => {
    const { counted, problems } = check(reader);
    const shown = problems.slice(0, MOST_SHOWN).join('; ');
    return {
      id,
      ok: problems.length === 0,
      detail: problems.length === 0 ? counted : `${problems.length} problems: ${shown}`,
    };
  });
}
