/**
 * Where spinning harts are parked: a spin on words that lie in the local cache costs the host nothing.
 *
 * A parked hart's next poll is due at its clock, and every `period` cycles after that. The hart is woken when
 * a watched line is lost or written, or an interrupt wants attention; it is then credited with exactly the
 * polls that it would have made before that moment, and looks again at the next poll instant. A value that
 * came and went between two polls stays unseen, as it would. test/hw/hart/spin-lot.test.ts holds this to
 * equal clocks and counters with spins that are executed poll by poll.
 */
import { COUNTER, type Counters } from '../counters.ts';
import { actsBefore } from '../sequencer/order.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { PrivateCaches } from '../cache/private-caches.ts';

const NO_SLOT = -1;

export class SpinLot {
  /** Called when a parked hart goes on: it is ready again at its clock. */
  onWake: (hart: number) => void = () => undefined;
  /** Told which lines parked harts of a core have polled, when somebody asks (notePolls). */
  onPolled: ((core: number, line: number) => void) | undefined = undefined;
  /** The cycle of what is happening now, in the global order: the issue of an instruction, or a device event. */
  private actingAt = 0;
  private actor = -1;
  private readonly harts: HartState;
  private readonly caches: PrivateCaches;
  private readonly counters: Counters;
  private readonly seed: number;
  private readonly slot0: Int32Array;
  private readonly slot1: Int32Array;
  /** The lines in them. */
  private readonly line0: Int32Array;
  private readonly line1: Int32Array;
  private readonly period: Int32Array;
  /** How many of a parked hart's polls have been told. */
  private readonly noted: Float64Array;
  /** How many harts of each core are parked here. */
  readonly parkedOn: Int32Array;

  constructor(harts: HartState, caches: PrivateCaches, counters: Counters, seed: number) {
    this.harts = harts;
    this.caches = caches;
    this.counters = counters;
    this.seed = seed;
    this.slot0 = new Int32Array(harts.count).fill(NO_SLOT);
    this.slot1 = new Int32Array(harts.count).fill(NO_SLOT);
    this.line0 = new Int32Array(harts.count);
    this.line1 = new Int32Array(harts.count);
    this.period = new Int32Array(harts.count);
    this.noted = new Float64Array(harts.count);
    this.parkedOn = new Int32Array(harts.cores);
  }

  /** The hart that acts, or -1 for a device. */
  get acting(): number {
    return this.actor;
  }

  /** The cycle of what happened last, in the global order. */
  get now(): number {
    return this.actingAt;
  }

  /** Says who acts from now on, and when. */
  act(actor: number, cycle: number): void {
    this.actor = actor;
    this.actingAt = cycle;
  }

  // DOC: park
  /** Parks a hart whose next poll is due at its clock, on one slot or two (-1: only one). */
  park(hart: number, slot0: number, slot1: number, period: number): void {
    this.slot0[hart] = slot0;
    this.slot1[hart] = slot1;
    this.line0[hart] = this.caches.line[slot0] as number;
    this.line1[hart] = slot1 === NO_SLOT ? NO_SLOT : (this.caches.line[slot1] as number);
    this.period[hart] = period;
    this.noted[hart] = 0;
    this.harts.activity[hart] = ACTIVITY.spinning;
    const core = this.harts.core[hart] as number;
    this.parkedOn[core] = (this.parkedOn[core] as number) + 1;
  }

  /** A core's slot lost its line, or the line was written by a hart of the same core. */
  lineLost(core: number, slot: number): void {
    if (this.parkedOn[core] === 0) return;
    for (let hart = this.harts.firstHartOf(core); hart < this.harts.endHartOf(core); hart++) {
      if (this.watches(hart, slot)) this.wake(hart);
    }
  }

  /** Wakes a parked hart because of what is happening now. */
  wake(hart: number): void {
    if (this.harts.activity[hart] !== ACTIVITY.spinning) return;
    this.notePolls(this.harts.core[hart] as number);
    const polls = this.pollsBefore(hart);
    const period = this.period[hart] as number;
    const clock = this.harts.clock[hart] as number;
    if (polls > 0) {
      const two = this.slot1[hart] !== NO_SLOT;
      this.counters.add(hart, COUNTER.spinPolls, polls);
      this.counters.add(hart, COUNTER.spinCycles, polls * period);
      this.counters.add(hart, COUNTER.l1Hits, polls * (two ? 2 : 1));
      const last = clock + (polls - 1) * period;
      this.touch(this.slot0[hart] as number, last);
      if (two) this.touch(this.slot1[hart] as number, last + secondRead(period));
    }
    this.harts.clock[hart] = clock + polls * period;
    this.slot0[hart] = NO_SLOT;
    this.slot1[hart] = NO_SLOT;
    const core = this.harts.core[hart] as number;
    this.parkedOn[core] = (this.parkedOn[core] as number) - 1;
    this.harts.activity[hart] = ACTIVITY.ready;
    this.onWake(hart);
  }

  /** Tells of the lines that parked harts of a core have polled since this was last called, the latest poll last. */
  notePolls(core: number): void {
    if (this.onPolled === undefined || this.parkedOn[core] === 0) return;
    const polls: { readonly hart: number; readonly cycle: number }[] = [];
    for (let hart = this.harts.firstHartOf(core); hart < this.harts.endHartOf(core); hart++) {
      if (this.harts.activity[hart] !== ACTIVITY.spinning) continue;
      const count = this.pollsBefore(hart);
      if (count <= (this.noted[hart] as number)) continue;
      this.noted[hart] = count;
      const cycle = (this.harts.clock[hart] as number) + (count - 1) * (this.period[hart] as number);
      polls.push({ hart, cycle });
    }
    polls.sort((a, b) => a.cycle - b.cycle || (actsBefore(this.seed, a.cycle, a.hart, b.hart) ? -1 : 1));
    for (const { hart } of polls) {
      this.onPolled(core, this.line0[hart] as number);
      if (this.slot1[hart] !== NO_SLOT) this.onPolled(core, this.line1[hart] as number);
    }
  }

  /** When a slot was last used, counting the polls of harts that are parked on it. */
  lastUse(core: number, slot: number, stamp: number): number {
    if (this.parkedOn[core] === 0) return stamp;
    let last = stamp;
    for (let hart = this.harts.firstHartOf(core); hart < this.harts.endHartOf(core); hart++) {
      if (!this.watches(hart, slot)) continue;
      const polls = this.pollsBefore(hart);
      if (polls === 0) continue;
      const period = this.period[hart] as number;
      const poll = (this.harts.clock[hart] as number) + (polls - 1) * period;
      last = Math.max(last, this.slot1[hart] === slot ? poll + secondRead(period) : poll);
    }
    return last;
  }

  private watches(hart: number, slot: number): boolean {
    return (
      this.harts.activity[hart] === ACTIVITY.spinning &&
      (this.slot0[hart] === slot || this.slot1[hart] === slot)
    );
  }

  /** How many polls of a parked hart come before what is happening now. */
  private pollsBefore(hart: number): number {
    const now = this.actingAt;
    const clock = this.harts.clock[hart] as number;
    if (now < clock) return 0;
    const period = this.period[hart] as number;
    const whole = Math.floor((now - clock) / period);
    const atNow = clock + whole * period === now;
    if (!atNow) return whole + 1;
    // A poll is due at this very cycle: the order of ties decides. Devices go before harts.
    return this.actor >= 0 && actsBefore(this.seed, now, hart, this.actor) ? whole + 1 : whole;
  }

  private touch(slot: number, cycle: number): void {
    if (cycle > (this.caches.stamp[slot] as number)) this.caches.stamp[slot] = cycle;
  }
}

/** How long after the first word a poll of two reads the second: period = 2 hits and a branch. */
const secondRead = (period: number): number => (period - 1) / 2;
