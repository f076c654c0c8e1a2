/**
 * Polls of spin instructions. A poll reads one word (or two) at once; a failed one costs the hits and one
 * cycle for the branch, and comes again. Between failed polls the hart is parked (spin-lot.ts), if spins are
 * elided and the lines are in its cache.
 */
import { DEVICE_BASE } from '../address-map.ts';
import { COUNTER, type Counters } from '../counters.ts';
import type { CoroutineContext } from '../context/coroutine.ts';
import { theInstruction } from '../isa/instruction.ts';
import { OP } from '../isa/op.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { HartState } from './hart-state.ts';
import type { MemoryPort } from './memory-port.ts';
import { type Processor, TRAPPED } from './processor.ts';
import type { SpinLot } from './spin-lot.ts';
import type { Translator } from '../mmu/translator.ts';

const NO_SLOT = -1;
const BRANCH = 1;

export interface SpinWires {
  readonly harts: HartState;
  readonly port: MemoryPort;
  readonly spins: SpinLot;
  readonly counters: Counters;
  readonly processor: Processor;
  readonly translator: Translator;
  readonly trace: TraceBus;
  readonly l1Hit: number;
  readonly elide: boolean;
}

export class SpinUnit {
  private readonly wires: SpinWires;

  constructor(wires: SpinWires) {
    this.wires = wires;
  }

  /** Executes one poll of the spin in the instruction record. */
  poll(hart: number, context: CoroutineContext): void {
    const { harts, processor, counters, translator, port } = this.wires;
    const I = theInstruction;
    const two = I.op === OP.spinUntilAny;
    const address0 = processor.reach(hart, I.a, 3, false);
    if (address0 === TRAPPED) return;
    const uncached0 = port.uncached;
    const address1 = two ? processor.reach(hart, I.c, 3, false) : NO_SLOT;
    if (two && address1 === TRAPPED) return;
    const uncached1 = port.uncached;
    port.uncached = uncached0;
    const start = harts.clock[hart] as number;
    const value0 = this.read(hart, address0);
    if (value0 === undefined) return;
    port.uncached = uncached1;
    const value1 = two ? this.read(hart, address1) : 0;
    if (value1 === undefined) return;
    const result = verdict(value0, value1);
    if (result !== undefined) {
      processor.complete(hart, context, result);
      return;
    }
    context.keep();
    harts.clock[hart] = (harts.clock[hart] as number) + BRANCH;
    counters.add(hart, COUNTER.spinPolls, 1);
    counters.add(hart, COUNTER.spinCycles, (harts.clock[hart] as number) - start);
    // A spin that goes to memory each time is executed.
    if (uncached0 || uncached1) return;
    if (!two || translator.holdsBoth(hart, I.a, I.c)) this.park(hart, context, address0, address1);
  }

  private read(hart: number, address: number): number | undefined {
    const { port, processor } = this.wires;
    if (address >= DEVICE_BASE) return processor.deviceUnit.read(hart, address);
    return port.buffers.overlay(hart, address, port.loadMemory(hart, address));
  }

  private park(hart: number, context: CoroutineContext, address0: number, address1: number): void {
    const { port, spins, l1Hit, elide, trace, harts } = this.wires;
    if (!elide || address0 >= DEVICE_BASE || address1 >= DEVICE_BASE) return;
    // In time, what waits in the hart's own buffer drains by and by, and polls until then are counted one by one.
    // Under an arbiter it must not keep the hart runnable: the drain, which it writes the line with, wakes it.
    if (port.buffers.timed && port.buffers.pending(hart) > 0) return;
    const two = address1 !== NO_SLOT;
    const slot0 = port.slotOf(hart, address0);
    const slot1 = two ? port.slotOf(hart, address1) : NO_SLOT;
    if (slot0 === NO_SLOT || (two && slot1 === NO_SLOT)) return;
    spins.park(hart, slot0, slot1, (two ? 2 : 1) * l1Hit + BRANCH);
    if (trace.on) {
      trace.emit({
        kind: 'park',
        cycle: harts.clock[hart] as number,
        hart,
        context: context.id,
        why: 'spin',
      });
    }
  }
}

/** What a satisfied spin gives, or undefined while it must go on. */
function verdict(value0: number, value1: number): number | undefined {
  const I = theInstruction;
  switch (I.op) {
    case OP.spinUntil:
      return value0 === I.b ? value0 : undefined;
    case OP.spinUntilNot:
      return value0 !== I.b ? value0 : undefined;
    default:
      if (value0 !== I.b) return 0;
      return value1 !== I.d ? 1 : undefined;
  }
}
