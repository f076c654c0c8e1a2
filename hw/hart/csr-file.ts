/** Reading and writing control and status registers, with the effects that some of them have. */
import { COUNTER, type Counters } from '../counters.ts';
import { CSR, CSRS, INTERRUPT, type CsrName } from '../isa/csr.ts';
import type { Actors } from '../sequencer/actors.ts';
import type { EventQueue, Scheduled } from '../sequencer/event-queue.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { InterruptLines } from './interrupt-lines.ts';

const WORD = 2 ** 32;
const READ_ONLY = new Set<number>(
  CSRS.filter((csr) => csr.access === 'read-only').map((csr) => CSR[csr.name as CsrName]),
);

export class CsrFile {
  private readonly harts: HartState;
  private readonly lines: InterruptLines;
  private readonly events: EventQueue;
  private readonly actors: Actors;
  private readonly counters: Counters;
  /** Called when a hart's `satp` was written: a TLB without address-space numbers empties itself. */
  onAddressSpace: (hart: number) => void = () => undefined;
  private readonly timers: (Scheduled | undefined)[];
  /** 1 when the next sret completes the trapped instruction with `sresult`. */
  readonly resultGiven: Uint8Array;
  /** Cycle of each hart's last change of mode, for the cycle counters. */
  private readonly modeSince: Float64Array;

  constructor(
    harts: HartState,
    lines: InterruptLines,
    events: EventQueue,
    actors: Actors,
    counters: Counters,
  ) {
    this.actors = actors;
    this.harts = harts;
    this.lines = lines;
    this.events = events;
    this.counters = counters;
    this.timers = new Array<Scheduled | undefined>(harts.count).fill(undefined);
    this.resultGiven = new Uint8Array(harts.count);
    this.modeSince = new Float64Array(harts.count);
  }

  /** The value of a register, or undefined where there is none of this number. */
  read(hart: number, csr: number): number | undefined {
    const clock = this.harts.clock[hart] as number;
    switch (csr) {
      case CSR.satp:
        return this.harts.satp[hart];
      case CSR.time:
        return clock | 0;
      case CSR.timeh:
        return Math.floor(clock / WORD) | 0;
      case CSR.scurrent:
        return this.harts.contextId(hart);
      case CSR.hpmcounter3:
        return (this.counters.get(hart, 'l1Misses') - this.counters.get(hart, 'l2Hits')) | 0;
      default:
        return csr >= 0 && csr < CSRS.length ? this.harts.csr(hart, csr) : undefined;
    }
  }

  /** Writes a register; false where it cannot be written. */
  write(hart: number, csr: number, value: number): boolean {
    const { harts } = this;
    const clock = harts.clock[hart] as number;
    if (csr < 0 || csr >= CSRS.length || READ_ONLY.has(csr)) return false;
    switch (csr) {
      case CSR.satp:
        harts.satp[hart] = value;
        this.onAddressSpace(hart);
        return true;
      case CSR.sip:
        this.lines.set(hart, INTERRUPT.software, (value & INTERRUPT.software) !== 0, clock);
        return true;
      case CSR.stimecmp:
        this.setTimer(hart, value);
        break;
      case CSR.sresult:
        this.resultGiven[hart] = 1;
        break;
    }
    harts.setCsr(hart, csr, value);
    if (csr === CSR.sie || csr === CSR.sstatus) harts.updateAttention(hart);
    return true;
  }

  /** Enters a mode, and charges the cycles since the last change to the one that is left. */
  setMode(hart: number, user: boolean): void {
    this.settle(hart);
    this.harts.user[hart] = user ? 1 : 0;
  }

  /** Charges the cycles up to now to the mode that the hart is in. */
  settle(hart: number): void {
    const now = this.harts.clock[hart] as number;
    const counter = this.harts.user[hart] === 1 ? COUNTER.userCycles : COUNTER.supervisorCycles;
    this.counters.add(hart, counter, now - (this.modeSince[hart] as number));
    this.modeSince[hart] = now;
  }

  /** The hart begins to execute at its clock: cycles before that belong to no mode. */
  beginModes(hart: number): void {
    this.modeSince[hart] = this.harts.clock[hart] as number;
  }

  private setTimer(hart: number, value: number): void {
    const pending = this.timers[hart];
    if (pending !== undefined) this.events.cancel(pending);
    this.timers[hart] = undefined;
    const now = this.harts.clock[hart] as number;
    this.lines.set(hart, INTERRUPT.timer, false, now);
    if (value === 0 || this.harts.activity[hart] === ACTIVITY.stopped) return;
    const ahead = (value - (now | 0)) | 0;
    const fire = (due: number): void => {
      this.timers[hart] = undefined;
      this.lines.set(hart, INTERRUPT.timer, true, due);
    };
    const actor = this.actors.of('timer', hart);
    this.timers[hart] = this.events.schedule(now + Math.max(1, ahead), fire, actor);
  }
}
