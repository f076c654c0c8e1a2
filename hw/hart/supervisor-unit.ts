/** Executes the supervisor's instructions: registers, translations, contexts, interrupts. */
import type { CodeTable } from '../code-table.ts';
import type { CoroutineContext } from '../context/coroutine.ts';
import type { ContextTable } from '../context/table.ts';
import { COUNTER, type Counters } from '../counters.ts';
import { CSR, INTERRUPT } from '../isa/csr.ts';
import { theInstruction } from '../isa/instruction.ts';
import { OP } from '../isa/op.ts';
import { CAUSE } from '../isa/trap.ts';
import type { Tlb } from '../mmu/tlb.ts';
import type { Actors } from '../sequencer/actors.ts';
import type { EventQueue } from '../sequencer/event-queue.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { Timing } from '../config.ts';
import type { CsrFile } from './csr-file.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { InterruptLines } from './interrupt-lines.ts';
import type { MemoryPort } from './memory-port.ts';
import { type Processor, TRAPPED, WHOLE_WORD } from './processor.ts';
import type { TrapUnit } from './trap-unit.ts';

const REGISTERS = 32;

export interface SupervisorWires {
  readonly harts: HartState;
  readonly contexts: ContextTable;
  readonly code: CodeTable;
  readonly csrs: CsrFile;
  readonly lines: InterruptLines;
  readonly traps: TrapUnit;
  readonly port: MemoryPort;
  readonly tlb: Tlb;
  readonly events: EventQueue;
  readonly actors: Actors;
  readonly processor: Processor;
  readonly counters: Counters;
  readonly trace: TraceBus;
  readonly timing: Timing;
  readonly onPanic: (hart: number, code: number) => void;
}

export class SupervisorUnit {
  private readonly wires: SupervisorWires;

  constructor(wires: SupervisorWires) {
    this.wires = wires;
  }

  execute(hart: number, context: CoroutineContext): void {
    const I = theInstruction;
    switch (I.op) {
      case OP.csrRead:
      case OP.csrWrite:
      case OP.csrSwap:
        this.csr(hart, context, I.op !== OP.csrRead, I.op !== OP.csrWrite);
        return;
      case OP.fenceTranslations:
        this.wires.port.drain(hart);
        this.wires.tlb.drop(hart, I.a === -1 ? -1 : I.a >>> 12, I.b);
        this.finish(hart, context, 1, 0);
        return;
      case OP.waitForInterrupt:
        this.waitForInterrupt(hart, context);
        return;
      case OP.supervisorReturn:
        if (this.wires.traps.supervisorReturn(hart)) this.wires.counters.add(hart, COUNTER.instructions, 1);
        else this.illegal(hart);
        return;
      case OP.sendInterrupt:
        this.sendInterrupt(hart, context, I.a);
        return;
      case OP.createContext:
        this.createContext(hart, context);
        return;
      case OP.switchContext:
        this.switchContext(hart, context, I.a);
        return;
      case OP.freeContext:
        this.freeContext(hart, context, I.a);
        return;
      case OP.saveRegisters:
      case OP.restoreRegisters:
        this.moveRegisters(hart, context, I.a, I.b, I.op === OP.saveRegisters);
        return;
      case OP.panic:
        this.wires.onPanic(hart, I.a);
        return;
      default:
        this.illegal(hart);
    }
  }

  private illegal(hart: number): void {
    this.wires.traps.trap(hart, CAUSE.illegalInstruction, theInstruction.op);
  }

  private finish(hart: number, context: CoroutineContext, cycles: number, value: number): void {
    const { clock } = this.wires.harts;
    clock[hart] = (clock[hart] as number) + cycles;
    this.wires.processor.complete(hart, context, value);
  }

  private csr(hart: number, context: CoroutineContext, writes: boolean, reads: boolean): void {
    const I = theInstruction;
    if (I.a === CSR.satp) this.wires.port.drain(hart);
    if (I.a === CSR.sip) this.wires.port.footprint?.readInterrupts(hart);
    const old = this.wires.csrs.read(hart, I.a);
    if (old === undefined || (writes && !this.wires.csrs.write(hart, I.a, I.b))) this.illegal(hart);
    else this.finish(hart, context, 1, reads ? old : 0);
  }

  private waitForInterrupt(hart: number, context: CoroutineContext): void {
    const { harts, port, trace } = this.wires;
    port.footprint?.readInterrupts(hart);
    this.finish(hart, context, 1, 0);
    if (harts.hasPending(hart)) return;
    harts.activity[hart] = ACTIVITY.waiting;
    if (trace.on) {
      trace.emit({ kind: 'park', cycle: harts.clock[hart] as number, hart, context: context.id, why: 'wfi' });
    }
  }

  private sendInterrupt(hart: number, context: CoroutineContext, to: number): void {
    const { harts, events, actors, lines, timing, counters, trace } = this.wires;
    if (to < 0 || to >= harts.visible) {
      this.illegal(hart);
      return;
    }
    const target = to + (harts.first[hart] as number);
    const now = harts.clock[hart] as number;
    const arrive = (due: number): void => lines.set(target, INTERRUPT.software, true, due);
    events.schedule(now + timing.ipi, arrive, actors.of('interrupt', target));
    counters.add(hart, COUNTER.interruptsSent, 1);
    if (trace.on) trace.emit({ kind: 'ipi', cycle: now, hart, to: target });
    this.finish(hart, context, 1, 0);
  }

  private createContext(hart: number, context: CoroutineContext): void {
    const { contexts, code, trace, harts } = this.wires;
    const { a: entry, b: argument0, c: argument1 } = theInstruction;
    const program = code.enter(entry, argument0, argument1);
    if (program === undefined) {
      this.finish(hart, context, 1, 0);
      return;
    }
    const created = contexts.create();
    created.begin(program);
    if (trace.on) {
      trace.emit({
        kind: 'context',
        cycle: harts.clock[hart] as number,
        hart,
        context: created.id,
        what: 'created',
        entry,
      });
    }
    this.finish(hart, context, 1, created.id);
  }

  private switchContext(hart: number, context: CoroutineContext, to: number): void {
    const { harts, contexts, counters, trace, timing } = this.wires;
    const target = contexts.at(to);
    // A context that another hart executes, or whose program is over, cannot be gone on with.
    if (target === undefined || target.empty || harts.context.includes(target)) {
      this.illegal(hart);
      return;
    }
    counters.add(hart, COUNTER.contextSwitches, 1);
    if (trace.on)
      trace.emit({ kind: 'switch', cycle: harts.clock[hart] as number, hart, from: context.id, to });
    this.finish(hart, context, timing.contextSwitch, 0);
    harts.context[hart] = target;
  }

  private freeContext(hart: number, context: CoroutineContext, id: number): void {
    const { harts, contexts, trace } = this.wires;
    const target = contexts.at(id);
    if (target === undefined || harts.context.includes(target)) {
      this.illegal(hart);
      return;
    }
    contexts.release(id);
    if (trace.on) {
      trace.emit({
        kind: 'context',
        cycle: harts.clock[hart] as number,
        hart,
        context: id,
        what: 'freed',
        entry: 0,
      });
    }
    this.finish(hart, context, 1, 0);
  }

  private moveRegisters(
    hart: number,
    context: CoroutineContext,
    id: number,
    address: number,
    save: boolean,
  ): void {
    const { contexts, processor, port } = this.wires;
    const target = contexts.at(id);
    if (target === undefined) {
      this.illegal(hart);
      return;
    }
    // Both ends are reached before anything moves, so that a trap finds nothing done.
    this.wires.port.drain(hart);
    const last = processor.reachMemory(hart, address + 4 * (REGISTERS - 1), 3, save);
    if (last === TRAPPED) return;
    const first = processor.reachMemory(hart, address, 3, save);
    if (first === TRAPPED) return;
    const straddles = last - first !== 4 * (REGISTERS - 1);
    for (let register = 0; register < REGISTERS; register++) {
      const at = straddles
        ? processor.reachMemory(hart, address + 4 * register, 3, save)
        : first + 4 * register;
      if (save) port.write(hart, at, target.registers[register] as number, WHOLE_WORD);
      else target.registers[register] = port.load(hart, at);
    }
    this.finish(hart, context, 1, 0);
  }
}
