/**
 * Traps and their return, by the trap-and-resume contract: when an instruction traps nothing of it has taken
 * effect; it stays pending in its context, and sret issues it again unless the kernel gave its result.
 *
 * A trap from user mode enters `stvec` in the context that `sctx` names; one from supervisor mode on top of
 * the context that it interrupts.
 */
import type { CodeTable } from '../code-table.ts';
import type { ContextTable } from '../context/table.ts';
import { COUNTER, type Counters } from '../counters.ts';
import { CSR, INTERRUPT, SSTATUS } from '../isa/csr.ts';
import { dropUnusedOperands, theInstruction } from '../isa/instruction.ts';
import { OP, OPS } from '../isa/op.ts';
import { CAUSE, causeName, INTERRUPT_FLAG } from '../isa/trap.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { CsrFile } from './csr-file.ts';
import type { HartState } from './hart-state.ts';

const CAUSE_OF_INTERRUPT = new Map<number, number>([
  [INTERRUPT.external, CAUSE.externalInterrupt],
  [INTERRUPT.software, CAUSE.softwareInterrupt],
  [INTERRUPT.timer, CAUSE.timerInterrupt],
]);

/** The machine cannot go on: supervisor code is at fault. */
export type Crash = (hart: number, context: number, message: string, error?: unknown) => void;

export interface TrapWires {
  readonly harts: HartState;
  readonly contexts: ContextTable;
  readonly code: CodeTable;
  readonly csrs: CsrFile;
  readonly counters: Counters;
  readonly trace: TraceBus;
  readonly crash: Crash;
  /** Drains a hart's store buffer. */
  readonly drain: (hart: number) => void;
}

export class TrapUnit {
  private readonly wires: TrapWires;
  private readonly cycles: number;

  constructor(wires: TrapWires, cycles: number) {
    this.wires = wires;
    this.cycles = cycles;
  }

  /** Takes the most urgent pending interrupt; the fetched instruction stays pending. */
  interrupt(hart: number): void {
    const { harts, counters } = this.wires;
    counters.add(hart, COUNTER.interrupts, 1);
    this.trap(hart, CAUSE_OF_INTERRUPT.get(harts.mostUrgent(hart)) as number, 0);
  }

  // DOC: trap
  /** Takes a trap: the instruction in the record (if it is one) has not taken effect. */
  trap(hart: number, cause: number, value: number): void {
    const { harts, contexts, code, csrs, counters, trace, crash } = this.wires;
    const context = harts.context[hart];
    if (context === undefined) return;
    const fetched = cause !== CAUSE.programEnded && cause !== CAUSE.programThrew;
    if (!fetched) theInstruction.op = OP.call;
    dropUnusedOperands();
    if (fetched) context.keep();
    this.wires.drain(hart);
    const user = harts.user[hart] === 1;
    const handler = code.at(harts.csr(hart, CSR.stvec));
    const runsIn = user ? contexts.at(harts.csr(hart, CSR.sctx)) : context;
    if (handler === undefined || runsIn === undefined || (user && !runsIn.empty)) {
      const why = handler === undefined ? 'no trap handler is set' : 'the handler has no context to run in';
      crash(hart, context.id, `${causeName(cause)} (${describe(cause, value)}), and ${why}`, context.thrown);
      return;
    }
    counters.add(hart, COUNTER.traps, 1);
    if (cause === CAUSE.loadPageFault || cause === CAUSE.storePageFault)
      counters.add(hart, COUNTER.pageFaults, 1);
    if (trace.on) {
      trace.emit({
        kind: 'trap',
        cycle: harts.clock[hart] as number,
        hart,
        context: context.id,
        handler: runsIn.id,
        cause,
        value,
        op: theInstruction.op,
        a: theInstruction.a,
        b: theInstruction.b,
        c: theInstruction.c,
        user,
      });
    }
    this.recordInstruction(hart);
    harts.setCsr(hart, CSR.sepc, context.id);
    harts.setCsr(hart, CSR.scause, cause);
    harts.setCsr(hart, CSR.stval, value);
    csrs.resultGiven[hart] = 0;
    this.enterSupervisor(hart, user);
    if (user) {
      harts.context[hart] = runsIn;
      runsIn.begin(handler());
    } else {
      runsIn.interrupt(handler());
    }
    harts.clock[hart] = (harts.clock[hart] as number) + this.cycles;
  }

  // DOC: sret
  /** sret. Gives false when there is nowhere to return to. */
  supervisorReturn(hart: number): boolean {
    const { harts, contexts, csrs, trace } = this.wires;
    const handler = harts.context[hart];
    const target = contexts.at(harts.csr(hart, CSR.sepc));
    if (handler === undefined || target === undefined) return false;
    const status = harts.csr(hart, CSR.sstatus);
    const user = (status & SSTATUS.SPP) === 0;
    if (!user && target !== handler) return false;
    // One context is executed by one hart at a time.
    if (user && harts.context.includes(target)) return false;
    harts.clock[hart] = (harts.clock[hart] as number) + this.cycles;
    if (user) handler.abandon();
    else handler.leaveHandler();
    const completed = csrs.resultGiven[hart] === 1;
    if (completed) this.completeTrapped(hart, target, user);
    const enabled = (status & SSTATUS.SPIE) !== 0 ? SSTATUS.SIE : 0;
    harts.setCsr(hart, CSR.sstatus, (status & ~(SSTATUS.SIE | SSTATUS.SPP)) | enabled | SSTATUS.SPIE);
    csrs.setMode(hart, user);
    harts.context[hart] = target;
    harts.updateAttention(hart);
    if (trace.on) {
      trace.emit({
        kind: 'return',
        cycle: harts.clock[hart] as number,
        hart,
        handler: handler.id,
        context: target.id,
        completed,
        user,
      });
    }
    return true;
  }

  private completeTrapped(hart: number, target: { complete(value: number): void }, user: boolean): void {
    const { harts, csrs, counters } = this.wires;
    target.complete(harts.csr(hart, CSR.sresult));
    csrs.resultGiven[hart] = 0;
    counters.add(hart, COUNTER.instructions, 1);
    if (user) counters.add(hart, COUNTER.userInstructions, 1);
  }

  private recordInstruction(hart: number): void {
    const { harts } = this.wires;
    harts.setCsr(hart, CSR.sinst, theInstruction.op);
    harts.setCsr(hart, CSR.sop0, theInstruction.a);
    harts.setCsr(hart, CSR.sop1, theInstruction.b);
    harts.setCsr(hart, CSR.sop2, theInstruction.c);
  }

  private enterSupervisor(hart: number, user: boolean): void {
    const { harts, csrs } = this.wires;
    const status = harts.csr(hart, CSR.sstatus);
    const before = (status & SSTATUS.SIE) !== 0 ? SSTATUS.SPIE : 0;
    const kept = status & ~(SSTATUS.SIE | SSTATUS.SPIE | SSTATUS.SPP);
    harts.setCsr(hart, CSR.sstatus, kept | before | (user ? 0 : SSTATUS.SPP));
    csrs.setMode(hart, false);
    harts.clearReservation(hart);
    harts.updateAttention(hart);
  }
}

function describe(cause: number, value: number): string {
  if ((cause & INTERRUPT_FLAG) !== 0) return 'an interrupt';
  if (cause === CAUSE.illegalInstruction) return OPS[value]?.name ?? `operation ${value}`;
  if (cause === CAUSE.userCall || cause === CAUSE.supervisorCall) return 'a system call';
  if (cause === CAUSE.programThrew || cause === CAUSE.programEnded) return `value ${value}`;
  return `address 0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
