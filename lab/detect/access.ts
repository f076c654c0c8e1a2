/** What an instruction does to memory, as detectors see it: one access, or two for a spin on two words. */
import { DEVICE_BASE } from '../../hw/address-map.ts';
import { OP, opName, OPS } from '../../hw/isa/op.ts';
import type { TraceEvent } from '../../hw/trace/event.ts';
import type { Actor } from './actor.ts';

/** Detectors must not keep it: the next access is told with the same record. */
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
  readonly reads: boolean;
  readonly writes: boolean;
  readonly atomic: boolean;
}

const LOAD = { bytes: 4, reads: true, writes: false, atomic: false } as const;
const STORE = { bytes: 4, reads: false, writes: true, atomic: false } as const;
const MODIFY: Shape = { bytes: 4, reads: true, writes: true, atomic: true };
const SPIN: Shape = { ...LOAD, atomic: true };

/** What the operations do that touch a word or a part of one, by number. */
const SHAPES: readonly (Shape | undefined)[] = Object.assign(
  Array.from({ length: OPS.length }, () => undefined),
  {
    [OP.load]: LOAD,
    [OP.load16]: { ...LOAD, bytes: 2 },
    [OP.load8]: { ...LOAD, bytes: 1 },
    [OP.store]: STORE,
    [OP.store16]: { ...STORE, bytes: 2 },
    [OP.store8]: { ...STORE, bytes: 1 },
    [OP.testAndSet]: MODIFY,
    [OP.fetchAndStore]: MODIFY,
    [OP.fetchAndAdd]: MODIFY,
    [OP.compareAndSwap]: MODIFY,
    [OP.awaitTestAndSet]: MODIFY,
    [OP.awaitCompareAndSwap]: MODIFY,
    [OP.loadReserved]: SPIN,
    [OP.storeConditional]: { ...STORE, atomic: true },
    [OP.spinUntil]: SPIN,
    [OP.spinUntilNot]: SPIN,
    [OP.spinUntilAny]: SPIN,
  },
);

/** Whether an operation waits until a word changes: it comes again and again until it has. */
export const isSpin = (op: number): boolean =>
  op === OP.spinUntil || op === OP.spinUntilNot || op === OP.spinUntilAny;

/** Whether an address is of memory, and not of a device or nothing. */
const isMemory = ({ user }: Executed, address: number): boolean =>
  address > 0 && (user || address < DEVICE_BASE);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads accesses off instructions, one at a time: most runs have millions, so there is one record for all. */
export class AccessReader {
  private readonly line: number;
  private readonly visit: (access: Access) => void;
  private record: Mutable<Access> | undefined;

  /** @param line bytes of a cache line */
  constructor(line: number, visit: (access: Access) => void) {
    this.line = line;
    this.visit = visit;
  }

  /** Visits each access of an instruction. */
  read(event: Executed, who: Actor, again: boolean, isAllocators: boolean): void {
    const { op, a, b, c } = event;
    const shape = SHAPES[op];
    if (shape !== undefined) {
      if ((a & (shape.bytes - 1)) !== 0) return;
      const access = this.begin(event, who, again, isAllocators, shape);
      if (isMemory(event, a)) this.visit(access);
      if (op !== OP.spinUntilAny || !isMemory(event, c)) return;
      access.address = c;
      this.visit(access);
    } else if (op === OP.zeroLine) this.range(event, who, isAllocators, a & -this.line, this.line, STORE);
    else if (op === OP.send) this.range(event, who, isAllocators, b, 4 * c, LOAD);
    else if (op === OP.receive) this.range(event, who, isAllocators, a, 4 * b, STORE);
  }

  /** An instruction that touches more than a word. */
  private range(
    event: Executed,
    who: Actor,
    isAllocators: boolean,
    address: number,
    bytes: number,
    shape: Shape,
  ): void {
    if (!isMemory(event, address)) return;
    const access = this.begin(event, who, false, isAllocators, shape);
    access.address = address;
    access.bytes = bytes;
    this.visit(access);
  }

  private begin(
    event: Executed,
    who: Actor,
    again: boolean,
    isAllocators: boolean,
    { bytes, reads, writes, atomic }: Shape,
  ): Mutable<Access> {
    const { hart, cycle, op, a: address, b, c } = event;
    const { record } = this;
    if (record === undefined)
      return (this.record = {
        who,
        hart,
        cycle,
        op,
        address,
        bytes,
        reads,
        writes,
        atomic,
        b,
        c,
        again,
        isAllocators,
      });
    record.who = who;
    record.hart = hart;
    record.cycle = cycle;
    record.op = op;
    record.address = address;
    record.bytes = bytes;
    record.reads = reads;
    record.writes = writes;
    record.atomic = atomic;
    record.b = b;
    record.c = c;
    record.again = again;
    record.isAllocators = isAllocators;
    return record;
  }
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
