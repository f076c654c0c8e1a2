/** Executes the rarer memory instructions: atomic ones, parts of words, reservations, whole lines. */
import type { CoroutineContext } from '../context/coroutine.ts';
import { theInstruction } from '../isa/instruction.ts';
import { OP } from '../isa/op.ts';
import { COUNTER, type Counters } from '../counters.ts';
import type { Translator } from '../mmu/translator.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { MemoryPort } from './memory-port.ts';
import { type Processor, TRAPPED, WHOLE_WORD } from './processor.ts';

export interface MemoryUnitWires {
  readonly harts: HartState;
  readonly port: MemoryPort;
  readonly translator: Translator;
  readonly counters: Counters;
  readonly processor: Processor;
  readonly memorySize: number;
  readonly lineShift: number;
}

export class MemoryUnit {
  private readonly wires: MemoryUnitWires;

  constructor(wires: MemoryUnitWires) {
    this.wires = wires;
  }

  /** Executes the instruction in the record if it is one of these; gives false if not. */
  execute(hart: number, context: CoroutineContext): boolean {
    switch (theInstruction.op) {
      case OP.testAndSet:
      case OP.fetchAndStore:
      case OP.fetchAndAdd:
      case OP.compareAndSwap:
        this.readModifyWrite(hart, context);
        return true;
      case OP.awaitTestAndSet:
      case OP.awaitCompareAndSwap:
        this.awaitModify(hart, context);
        return true;
      case OP.load8:
        this.loadPart(hart, context, 0);
        return true;
      case OP.load16:
        this.loadPart(hart, context, 1);
        return true;
      case OP.store8:
        this.storePart(hart, context, 0);
        return true;
      case OP.store16:
        this.storePart(hart, context, 1);
        return true;
      case OP.loadReserved:
        this.loadReserved(hart, context);
        return true;
      case OP.storeConditional:
        this.storeConditional(hart, context);
        return true;
      case OP.prefetch:
        this.prefetch(hart, theInstruction.a & ~3);
        this.wires.processor.complete(hart, context, 0);
        return true;
      case OP.flush:
      case OP.invalidate:
      case OP.zeroLine:
        this.lineOperation(hart, context);
        return true;
      default:
        return false;
    }
  }

  private readModifyWrite(hart: number, context: CoroutineContext): void {
    const { processor } = this.wires;
    const address = processor.reachMemory(hart, theInstruction.a, 3, true);
    if (address === TRAPPED) return;
    const old = this.modify(hart, address);
    processor.advance(hart, 1);
    processor.complete(hart, context, old);
  }

  /** One attempt of an atomic instruction that is made until it succeeds. */
  private awaitModify(hart: number, context: CoroutineContext): void {
    const { processor, port, harts } = this.wires;
    const I = theInstruction;
    const address = processor.reachMemory(hart, I.a, 3, true);
    if (address === TRAPPED) return;
    const old = this.modify(hart, address);
    processor.advance(hart, 1);
    if (I.op === OP.awaitTestAndSet ? old !== 1 : old === I.b) {
      processor.complete(hart, context, old);
      return;
    }
    context.keep();
    if (port.buffers.timed) return;
    harts.activity[hart] = ACTIVITY.awaiting;
    harts.awaitedWord[hart] = address;
    harts.awaitedValue[hart] = replacement(old);
  }

  private modify(hart: number, address: number): number {
    const { port, counters } = this.wires;
    counters.add(hart, COUNTER.atomics, 1);
    return port.modify(hart, address, replacement);
  }

  /** Loads of 8 (shift 0) and 16 (shift 1) bits. */
  private loadPart(hart: number, context: CoroutineContext, shift: number): void {
    const { processor, port } = this.wires;
    const address = processor.reachMemory(hart, theInstruction.a, shift, false);
    if (address === TRAPPED) return;
    const word = port.load(hart, address & ~3);
    processor.complete(hart, context, (word >>> ((address & 3) * 8)) & (shift === 0 ? 0xff : 0xffff));
  }

  private storePart(hart: number, context: CoroutineContext, shift: number): void {
    const { processor, port } = this.wires;
    const address = processor.reachMemory(hart, theInstruction.a, shift, true);
    if (address === TRAPPED) return;
    const position = (address & 3) * 8;
    const mask = (shift === 0 ? 0xff : 0xffff) << position;
    port.store(hart, address & ~3, theInstruction.b << position, mask);
    processor.complete(hart, context, 0);
  }

  private loadReserved(hart: number, context: CoroutineContext): void {
    const { processor, port, harts, lineShift } = this.wires;
    const address = processor.reachMemory(hart, theInstruction.a, 3, false);
    if (address === TRAPPED) return;
    port.drain(hart);
    const value = port.load(hart, address);
    harts.reserve(hart, address >>> lineShift);
    port.noteLine(address);
    processor.complete(hart, context, value);
  }

  private storeConditional(hart: number, context: CoroutineContext): void {
    const { processor, port, harts, counters, lineShift } = this.wires;
    const address = processor.reachMemory(hart, theInstruction.a, 3, true);
    if (address === TRAPPED) return;
    counters.add(hart, COUNTER.atomics, 1);
    port.drain(hart);
    const held = harts.reservation[hart] === address >>> lineShift;
    port.noteLine(address);
    harts.clearReservation(hart);
    if (held) {
      port.store(hart, address, theInstruction.b, WHOLE_WORD);
      port.drain(hart);
    } else {
      processor.advance(hart, 1);
    }
    processor.complete(hart, context, held ? 0 : 1);
  }

  private lineOperation(hart: number, context: CoroutineContext): void {
    const { processor, port, harts } = this.wires;
    const zero = theInstruction.op === OP.zeroLine;
    const address = processor.reachMemory(hart, theInstruction.a & ~3, 3, zero);
    if (address === TRAPPED) return;
    port.drain(hart);
    if (zero) port.zeroLine(hart, address);
    else port.drop(hart, address, theInstruction.op === OP.flush || harts.user[hart] === 1);
    processor.complete(hart, context, 0);
  }

  /** Starts bringing a line in; the hart goes on after one cycle. An address that cannot be reached is ignored. */
  private prefetch(hart: number, address: number): void {
    const { harts, translator, port, counters, memorySize, processor } = this.wires;
    const now = harts.clock[hart] as number;
    const mapped = (harts.satp[hart] as number) < 0;
    const stalled = counters.get(hart, 'stallCycles');
    const walked = counters.get(hart, 'walkCycles');
    const physical = mapped ? translator.translate(hart, address, false) : address;
    const uncached = mapped ? port.nonCoherent && translator.uncached : processor.isUncached(address);
    if (physical >>> 0 < memorySize && !uncached)
      port.readable(hart, physical + (harts.base[hart] as number));
    harts.clock[hart] = now + 1;
    // Nobody waited.
    counters.set(hart, 'stallCycles', stalled);
    counters.set(hart, 'walkCycles', walked);
  }
}

/** What the atomic instruction in the record makes of a word. */
function replacement(old: number): number {
  const I = theInstruction;
  switch (I.op) {
    case OP.testAndSet:
    case OP.awaitTestAndSet:
      return 1;
    case OP.fetchAndStore:
      return I.b;
    case OP.fetchAndAdd:
      return (old + I.b) | 0;
    default:
      return old === I.b ? I.c : old;
  }
}
