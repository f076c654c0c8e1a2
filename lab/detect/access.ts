/** What an instruction does to memory, as detectors see it: one access, or two for a spin on two words. */
import { DEVICE_BASE } from '../../hw/address-map.ts';
import { OP, opName } from '../../hw/isa/op.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';
import type { Actor } from './actor.ts';

export interface Access {
  readonly who: Actor;
  readonly hart: number;
  readonly cycle: number;
  readonly op: number;
  readonly address: number;
  readonly bytes: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Whether threads agree with each other by it: read-modify-writes, reservations, and spins. */
  readonly atomic: boolean;
  /** Operands after the address. */
  readonly b: number;
  readonly c: number;
  /** Whether the instruction is issued once more, after a page fault. */
  readonly again: boolean;
  /** Whether it is an allocator’s own, which may touch free blocks. */
  readonly isAllocators: boolean;
}

type Executed = Extract<TraceEvent, { kind: 'instruction' }>;

interface Shape {
  readonly bytes: number;
  readonly reads?: boolean;
  readonly writes?: boolean;
  readonly atomic?: boolean;
}

const MODIFY: Shape = { bytes: 4, reads: true, writes: true, atomic: true };
const SPIN: Shape = { bytes: 4, reads: true, atomic: true };

const SHAPES: Readonly<Record<number, Shape>> = {
  [OP.load]: { bytes: 4, reads: true },
  [OP.load16]: { bytes: 2, reads: true },
  [OP.load8]: { bytes: 1, reads: true },
  [OP.store]: { bytes: 4, writes: true },
  [OP.store16]: { bytes: 2, writes: true },
  [OP.store8]: { bytes: 1, writes: true },
  [OP.testAndSet]: MODIFY,
  [OP.fetchAndStore]: MODIFY,
  [OP.fetchAndAdd]: MODIFY,
  [OP.compareAndSwap]: MODIFY,
  [OP.awaitTestAndSet]: MODIFY,
  [OP.awaitCompareAndSwap]: MODIFY,
  [OP.loadReserved]: { bytes: 4, reads: true, atomic: true },
  [OP.storeConditional]: { bytes: 4, writes: true, atomic: true },
  [OP.spinUntil]: SPIN,
  [OP.spinUntilNot]: SPIN,
  [OP.spinUntilAny]: SPIN,
};

/** Whether an operation waits until a word changes: it comes again and again until it has. */
export const isSpin = (op: number): boolean =>
  op === OP.spinUntil || op === OP.spinUntilNot || op === OP.spinUntilAny;

/** Whether an address is of memory, and not of a device or nothing. */
const isMemory = ({ user }: Executed, address: number): boolean =>
  address > 0 && (user || address < DEVICE_BASE);

/** Calls `visit` for each access of an instruction. */
export function eachAccess(
  event: Executed,
  who: Actor,
  {
    line,
    again,
    isAllocators,
  }: { readonly line: number; readonly again: boolean; readonly isAllocators: boolean },
  visit: (access: Access) => void,
): void {
  const { op, a, b, c, hart, cycle } = event;
  const base = { who, hart, cycle, op, b, c, again, isAllocators };
  const shape = SHAPES[op];
  if (shape !== undefined) {
    const { bytes, reads = false, writes = false, atomic = false } = shape;
    if ((a & (bytes - 1)) !== 0) return;
    if (isMemory(event, a)) visit({ ...base, address: a, bytes, reads, writes, atomic });
    if (op === OP.spinUntilAny && isMemory(event, c))
      visit({ ...base, address: c, bytes, reads, writes, atomic });
    return;
  }
  const range = rangeOf(op, a, b, c, line);
  if (range === undefined || !isMemory(event, range.address)) return;
  visit({ ...base, ...range, atomic: false });
}

/** Instructions that touch more than a word. */
function rangeOf(op: number, a: number, b: number, c: number, line: number) {
  if (op === OP.zeroLine) return { address: a & -line, bytes: line, reads: false, writes: true };
  if (op === OP.send) return { address: b, bytes: 4 * c, reads: true, writes: false };
  if (op === OP.receive) return { address: a, bytes: 4 * b, reads: false, writes: true };
  return undefined;
}

const VERBS: Readonly<Record<number, string>> = {
  [OP.load]: 'loads it',
  [OP.load8]: 'loads it',
  [OP.load16]: 'loads it',
  [OP.store]: 'stores to it',
  [OP.store8]: 'stores to it',
  [OP.store16]: 'stores to it',
  [OP.zeroLine]: 'zeroes it',
  [OP.send]: 'sends it',
  [OP.receive]: 'receives into it',
  [OP.environmentCall]: 'has the kernel use it',
};

/** `stores to it`, `executes fetchAndAdd on it`. */
export const doesToIt = (op: number): string => VERBS[op] ?? `executes ${opName(op)} on it`;
