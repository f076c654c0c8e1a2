/**
 * Works like InterruptLines, except that some interrupts come late. Timer and device interrupts are levels: one
 * that is withdrawn before it has arrived never arrives. An inter-processor interrupt, once sent, arrives.
 */
import type { Counters } from '../counters.ts';
import type { HartState } from '../hart/hart-state.ts';
import { InterruptLines } from '../hart/interrupt-lines.ts';
import type { SpinLot } from '../hart/spin-lot.ts';
import { CSR, INTERRUPT } from '../isa/csr.ts';
import type { EventQueue, Scheduled } from '../sequencer/event-queue.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { FaultPlan } from './fault-plan.ts';

export class LateInterrupts extends InterruptLines {
  private readonly state: HartState;
  private readonly plan: FaultPlan;
  private readonly events: EventQueue;
  /** Levels that have been raised and not arrived, by `hart · 2^10 + bit`. */
  private readonly late = new Map<number, Scheduled>();

  constructor(
    harts: HartState,
    spins: SpinLot,
    counters: Counters,
    trace: TraceBus,
    plan: FaultPlan,
    events: EventQueue,
  ) {
    super(harts, spins, counters, trace);
    this.state = harts;
    this.plan = plan;
    this.events = events;
  }

  // DOC: late-interrupt
  override set(hart: number, bit: number, on: boolean, now: number): void {
    if (bit === INTERRUPT.software) {
      this.arrive(hart, bit, on, now);
      return;
    }
    const key = hart * 1024 + bit;
    const late = this.late.get(key);
    if (on && (late !== undefined || this.isPending(hart, bit))) return;
    if (late !== undefined) this.events.cancel(late);
    this.late.delete(key);
    this.arrive(hart, bit, on, now, key);
  }

  private arrive(hart: number, bit: number, on: boolean, now: number, key?: number): void {
    const cycles = on ? this.plan.delayOf(bit) : 0;
    if (cycles === 0) {
      super.set(hart, bit, on, now);
      return;
    }
    const event = this.events.schedule(now + cycles, (due) => {
      if (key !== undefined) this.late.delete(key);
      super.set(hart, bit, true, due);
    });
    if (key !== undefined) this.late.set(key, event);
  }

  private isPending(hart: number, bit: number): boolean {
    return (this.state.csr(hart, CSR.sip) & bit) !== 0;
  }
}
