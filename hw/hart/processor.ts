/**
 * Executes instructions: fetches the next of a hart's context and carries it out, whole, at the hart's clock.
 *
 * Memory instructions first find their physical address (`reach`), which may trap; only then do they take
 * effect. The rarer ones are in memory-unit.ts, those of devices in device-unit.ts, supervisor instructions in
 * supervisor-unit.ts.
 */
import { DEVICE_BASE } from '../address-map.ts';
import type { CodeTable, Procedure } from '../code-table.ts';
import { COUNTER, COUNTERS_PER_HART, type Counters } from '../counters.ts';
import type { CoroutineContext } from '../context/coroutine.ts';
import { dropUnusedOperands, theInstruction } from '../isa/instruction.ts';
import { OP } from '../isa/op.ts';
import { CAUSE } from '../isa/trap.ts';
import type { AddressRanges } from '../memory/address-ranges.ts';
import { PAGE_FAULT, type Translator } from '../mmu/translator.ts';
import type { TraceBus } from '../trace/bus.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { HitPath } from './hit-path.ts';
import type { IssueSlots } from './issue-slots.ts';
import type { MemoryPort } from './memory-port.ts';
import type { DeviceUnit } from './device-unit.ts';
import type { MemoryUnit } from './memory-unit.ts';
import type { NetworkUnit } from './network-unit.ts';
import type { SpinUnit } from './spin-unit.ts';
import type { SpinLot } from './spin-lot.ts';
import type { SupervisorUnit } from './supervisor-unit.ts';
import type { Crash, TrapUnit } from './trap-unit.ts';

const REGISTER_A0 = 10;
const REGISTER_A7 = 17;
/** The mask of a store that writes all of a word. */
export const WHOLE_WORD = -1;
/** What `reach` gives when it has trapped. */
export const TRAPPED = -1;

export interface ProcessorWires {
  readonly harts: HartState;
  readonly port: MemoryPort;
  readonly translator: Translator;
  readonly traps: TrapUnit;
  readonly code: CodeTable;
  readonly counters: Counters;
  readonly spins: SpinLot;
  readonly trace: TraceBus;
  readonly crash: Crash;
  /** Keeps the exception of a user program for messages: its context may be gone when the run has ended. */
  readonly threw: (hart: number, context: number, error: unknown) => void;
  readonly hits: HitPath;
  /** The pipelines of cores with several harts; undefined where every hart has its own. */
  readonly slots: IssueSlots | undefined;
  /** Physical addresses that must not be cached, where no page says so (machines without coherence). */
  readonly uncachedRanges: AddressRanges;
  readonly memorySize: number;
}

export class Processor {
  /** Set once they are built: they need the processor's `reach`. */
  spinUnit!: SpinUnit;
  memoryUnit!: MemoryUnit;
  deviceUnit!: DeviceUnit;
  /** Only on a cluster: elsewhere its instructions are illegal. */
  networkUnit: NetworkUnit | undefined = undefined;
  supervisor!: SupervisorUnit;
  private readonly wires: ProcessorWires;
  private readonly harts: HartState;
  // What every step needs, at hand: each look-up through another object would cost on every instruction.
  private readonly context: (CoroutineContext | undefined)[];
  private readonly clock: Float64Array;
  private readonly attention: Uint8Array;
  private readonly spins: SpinLot;
  private readonly trace: TraceBus;
  private readonly hits: HitPath;
  private readonly slots: IssueSlots | undefined;
  private readonly port: MemoryPort;
  private readonly counts: Float64Array;
  private readonly memorySize: number;

  constructor(wires: ProcessorWires) {
    this.wires = wires;
    this.harts = wires.harts;
    this.context = wires.harts.context;
    this.clock = wires.harts.clock;
    this.attention = wires.harts.attention;
    this.spins = wires.spins;
    this.trace = wires.trace;
    this.hits = wires.hits;
    this.slots = wires.slots;
    this.port = wires.port;
    this.counts = wires.counters.values;
    this.memorySize = wires.memorySize;
  }

  /** Lets a hart execute one instruction, or take one trap. */
  step(hart: number): void {
    const context = this.context[hart] as CoroutineContext;
    this.spins.act(hart, this.clock[hart] as number);
    const fetched = context.fetch();
    if (fetched !== 'instruction') {
      this.stopFetching(hart, context, fetched);
    } else if (this.attention[hart] === 1) {
      this.wires.traps.interrupt(hart);
    } else {
      if (this.port.buffers.waitsForDrain(hart)) {
        context.keep();
        this.harts.activity[hart] = ACTIVITY.draining;
        return;
      }
      if (this.slots !== undefined && !this.slots.admits(hart)) {
        context.keep();
        return;
      }
      if (this.trace.instructions) this.traceInstruction(hart, context);
      if (!this.hits.take(hart, context)) this.execute(hart, context);
    }
  }

  /**
   * The physical address of an access, or TRAPPED.
   * @param mask size − 1
   */
  reach(hart: number, address: number, mask: number, write: boolean): number {
    if ((address & mask) !== 0) return this.misaligned(hart, address, write);
    if ((this.harts.satp[hart] as number) < 0) return this.reachMapped(hart, address, mask, write);
    if (this.port.nonCoherent) this.port.uncached = this.wires.uncachedRanges.includes(address);
    return this.reachPhysical(hart, address, address, mask, write);
  }

  /** Whether the memory at an address that needs no translation must not be cached. */
  isUncached(address: number): boolean {
    return this.port.nonCoherent && this.wires.uncachedRanges.includes(address);
  }

  /** The instruction in the record has completed. */
  complete(hart: number, context: CoroutineContext, value: number): void {
    context.complete(value);
    const base = hart * COUNTERS_PER_HART;
    const all = base + COUNTER.instructions;
    this.counts[all] = (this.counts[all] as number) + 1;
    if (this.harts.user[hart] === 1) {
      const user = base + COUNTER.userInstructions;
      this.counts[user] = (this.counts[user] as number) + 1;
    }
  }

  /** The commonest instructions; kept small, so that the compiler can make it part of the loop. */
  private execute(hart: number, context: CoroutineContext): void {
    const I = theInstruction;
    if (I.op === OP.load) {
      const address = this.reach(hart, I.a, 3, false);
      if (address >= 0 && address < DEVICE_BASE) this.complete(hart, context, this.port.load(hart, address));
      else if (address !== TRAPPED) this.deviceUnit.load(hart, context, address);
    } else if (I.op === OP.store) {
      const address = this.reach(hart, I.a, 3, true);
      if (address >= 0 && address < DEVICE_BASE) {
        this.port.store(hart, address, I.b, WHOLE_WORD);
        this.complete(hart, context, 0);
      } else if (address !== TRAPPED) {
        this.deviceUnit.store(hart, context, address, I.b);
      }
    } else {
      this.executeOther(hart, context);
    }
  }

  private executeOther(hart: number, context: CoroutineContext): void {
    const I = theInstruction;
    switch (I.op) {
      case OP.work:
        this.compute(hart, context, I.a > 1 ? I.a : 1);
        return;
      case OP.pause:
        this.advance(hart, 1);
        this.complete(hart, context, 0);
        return;
      case OP.fence:
        this.port.drain(hart);
        this.advance(hart, 1);
        this.complete(hart, context, 0);
        return;
      case OP.spinUntil:
      case OP.spinUntilNot:
      case OP.spinUntilAny:
        this.spinUnit.poll(hart, context);
        return;
      case OP.addressOf:
        this.advance(hart, 1);
        this.complete(hart, context, this.wires.code.addressOf(I.code as Procedure));
        return;
      case OP.environmentCall:
        this.environmentCall(hart, context);
        return;
      default:
        if (this.memoryUnit.execute(hart, context) || this.networkUnit?.execute(hart, context)) return;
        if (this.harts.user[hart] === 1) this.wires.traps.trap(hart, CAUSE.illegalInstruction, I.op);
        else this.supervisor.execute(hart, context);
    }
  }

  private reachMapped(hart: number, address: number, mask: number, write: boolean): number {
    const physical = this.wires.translator.translate(hart, address, write);
    this.port.uncached = this.port.nonCoherent && this.wires.translator.uncached;
    if (physical !== PAGE_FAULT) return this.reachPhysical(hart, address, physical, mask, write);
    this.wires.traps.trap(hart, write ? CAUSE.storePageFault : CAUSE.loadPageFault, address);
    return TRAPPED;
  }

  private reachPhysical(
    hart: number,
    address: number,
    physical: number,
    mask: number,
    write: boolean,
  ): number {
    if (physical >>> 0 < this.memorySize) return physical + (this.harts.base[hart] as number);
    if (physical >= DEVICE_BASE && mask === 3) return physical;
    this.wires.traps.trap(hart, write ? CAUSE.storeAccessFault : CAUSE.loadAccessFault, address);
    return TRAPPED;
  }

  private misaligned(hart: number, address: number, write: boolean): number {
    this.wires.traps.trap(hart, write ? CAUSE.storeMisaligned : CAUSE.loadMisaligned, address);
    return TRAPPED;
  }

  /** As `reach`, but device registers are refused. */
  reachMemory(hart: number, address: number, mask: number, write: boolean): number {
    const physical = this.reach(hart, address, mask, write);
    if (physical < DEVICE_BASE) return physical;
    this.wires.traps.trap(hart, write ? CAUSE.storeAccessFault : CAUSE.loadAccessFault, address);
    return TRAPPED;
  }

  /** The hart computes for so many cycles. */
  advance(hart: number, cycles: number): void {
    this.harts.clock[hart] = (this.harts.clock[hart] as number) + cycles;
  }

  /** Computes for so many cycles, or for a turn of them: then the rest is an instruction of its own. */
  private compute(hart: number, context: CoroutineContext, cycles: number): void {
    const turn = this.slots === undefined ? cycles : this.slots.turnOf(cycles);
    this.advance(hart, turn);
    if (turn === cycles) {
      this.complete(hart, context, 0);
      return;
    }
    theInstruction.a = cycles - turn;
    context.keepRest();
  }

  private environmentCall(hart: number, context: CoroutineContext): void {
    const I = theInstruction;
    const { registers } = context;
    registers[REGISTER_A7] = I.a;
    registers[REGISTER_A0] = I.b;
    registers[REGISTER_A0 + 1] = I.c;
    registers[REGISTER_A0 + 2] = I.d;
    registers[REGISTER_A0 + 3] = I.e;
    registers[REGISTER_A0 + 4] = I.f;
    registers[REGISTER_A0 + 5] = I.g;
    const user = this.harts.user[hart] === 1;
    if (user) this.wires.counters.add(hart, COUNTER.systemCalls, 1);
    this.wires.traps.trap(hart, user ? CAUSE.userCall : CAUSE.supervisorCall, I.a);
  }

  private stopFetching(hart: number, context: CoroutineContext, why: 'ended' | 'threw'): void {
    const { traps, crash } = this.wires;
    if (this.harts.user[hart] === 1) {
      if (why === 'ended') traps.trap(hart, CAUSE.programEnded, context.endValue);
      else {
        this.wires.threw(hart, context.id, context.thrown);
        traps.trap(hart, CAUSE.programThrew, 0);
      }
      return;
    }
    if (why === 'ended') this.harts.activity[hart] = ACTIVITY.stopped;
    else crash(hart, context.id, describeError(context.thrown), context.thrown);
  }

  private traceInstruction(hart: number, context: CoroutineContext): void {
    dropUnusedOperands();
    const { op, a, b, c } = theInstruction;
    this.wires.trace.emit({
      kind: 'instruction',
      cycle: this.harts.clock[hart] as number,
      hart,
      context: context.id,
      op,
      a,
      b,
      c,
      user: this.harts.user[hart] === 1,
    });
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
