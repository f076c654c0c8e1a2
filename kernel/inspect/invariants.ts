/**
 * The kernel's invariants, checked from the host side. They hold whenever no hart is inside the kernel: when
 * the machine has halted, or when all its harts idle. (In between, a frame may be on its way from one list to
 * another.)
 */
import type { Machine } from '../../hw/machine.ts';
import { checkLrpc } from './check-lrpc.ts';
import { checkCalls } from './check-calls.ts';
import { checkFrames } from './check-frames.ts';
import { checkIsolation } from './check-isolation.ts';
import { checkHeap } from './check-heap.ts';
import { checkObjects } from './check-objects.ts';
import { checkScheduling } from './check-scheduling.ts';
import { checkSwap } from './check-swap.ts';
import { checkSync } from './check-sync.ts';
import { checkTlb } from './check-tlb.ts';
import type { Findings } from './findings.ts';
import { Reader } from './reader.ts';

/** An invariant of the kernel. */
export interface KernelInvariant {
  readonly id: string;
  readonly summary: string;
  readonly check: (reader: Reader) => Findings;
}

export const KERNEL_INVARIANTS = [
  {
    id: 'frames',
    summary: 'Each page frame is in exactly one place, and mappings are counted.',
    check: checkFrames,
  },
  {
    id: 'swap',
    summary: 'A slot of swap is free or holds one page; a page that is out has a slot.',
    check: checkSwap,
  },
  { id: 'tlb', summary: 'Every TLB entry agrees with the page table of a living process.', check: checkTlb },
  {
    id: 'isolation',
    summary: 'A process has mapped what its regions say; what is private is writable in one only.',
    check: checkIsolation,
  },
  {
    id: 'objects',
    summary: 'Installed translation entries point to living representatives.',
    check: checkObjects,
  },
  {
    id: 'scheduling',
    summary: 'A runnable thread is in one run queue or on one hart, a waiting one where it says.',
    check: checkScheduling,
  },
  {
    id: 'calls',
    summary: 'Who carries a call out and who made it know each other; who stands at a port waits there.',
    check: checkCalls,
  },
  {
    id: 'sync',
    summary: 'A lock has one holder or none, who knows it; nobody waits for what is free; counts are right.',
    check: checkSync,
  },
  { id: 'heap', summary: 'The blocks in use are exactly those that can be reached.', check: checkHeap },
  {
    id: 'lrpc',
    summary: 'An A-stack is free or in one call of one thread, which has a way back.',
    check: checkLrpc,
  },
] as const satisfies readonly KernelInvariant[];

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
  return KERNEL_INVARIANTS.map(({ id, check }) => {
    const { counted, problems } = check(reader);
    const shown = problems.slice(0, MOST_SHOWN).join('; ');
    return {
      id,
      ok: problems.length === 0,
      detail: problems.length === 0 ? counted : `${problems.length} problems: ${shown}`,
    };
  });
}
