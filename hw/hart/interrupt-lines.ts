/** The interrupt lines into each hart: what sets a pending bit also wakes a hart that halts or spins. */
import { COUNTER, type Counters } from '../counters.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { Footprint } from './footprint.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { SpinLot } from './spin-lot.ts';

export class InterruptLines {
  private readonly harts: HartState;
  private readonly spins: SpinLot;
  private readonly counters: Counters;
  private readonly trace: TraceBus;
  /** What the current step touches, for a search of schedules. */
  footprint: Footprint | undefined = undefined;
  /** Called when a halted hart goes on: it is ready again at its clock. */
  onWake: (hart: number) => void = () => undefined;

  constructor(harts: HartState, spins: SpinLot, counters: Counters, trace: TraceBus) {
    this.harts = harts;
    this.spins = spins;
    this.counters = counters;
    this.trace = trace;
  }

  /** Sets or clears a pending bit (INTERRUPT) at `now`. */
  set(hart: number, bit: number, on: boolean, now: number): void {
    const { harts } = this;
    this.footprint?.writeInterrupts(hart);
    harts.setPending(hart, bit, on);
    if (!on) return;
    if (harts.activity[hart] === ACTIVITY.waiting && harts.hasPending(hart)) this.endWait(hart, now);
    else if (harts.activity[hart] === ACTIVITY.receiving && harts.attention[hart] === 1)
      this.endWait(hart, now);
    else if (harts.attention[hart] === 1) this.spins.wake(hart);
  }

  /** A message has come to a node: its harts that wait in receive look again. */
  messageArrived(node: number, now: number): void {
    const { harts } = this;
    for (let hart = 0; hart < harts.count; hart++) {
      if (harts.node[hart] === node && harts.activity[hart] === ACTIVITY.receiving) this.endWait(hart, now);
    }
  }

  private endWait(hart: number, now: number): void {
    const { harts } = this;
    const since = harts.clock[hart] as number;
    if (now > since) {
      this.counters.add(hart, COUNTER.idleCycles, now - since);
      harts.clock[hart] = now;
    }
    harts.activity[hart] = ACTIVITY.ready;
    if (this.trace.on) {
      this.trace.emit({
        kind: 'wake',
        cycle: harts.clock[hart] as number,
        hart,
        context: harts.contextId(hart),
        why: 'wfi',
      });
    }
    this.onWake(hart);
  }
}
