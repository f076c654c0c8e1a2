/**
 * The interrupt controller: routes each source to a hart, which claims it and completes it, as RISC-V's PLIC
 * does (with one priority). A source that is raised again while it is claimed stays pending until completion.
 */
import { DEVICES, INTERRUPT_CONTROLLER, INTERRUPT_SOURCE } from '../address-map.ts';
import type { Device } from './device.ts';

const SOURCES = Math.max(...Object.values(INTERRUPT_SOURCE)) + 1;
const NOBODY = -1;
const CLAIM = INTERRUPT_CONTROLLER.CLAIM - DEVICES.interrupts.base;
const ROUTE = INTERRUPT_CONTROLLER.ROUTE - DEVICES.interrupts.base;

export class InterruptController implements Device {
  private readonly route = new Int32Array(SOURCES).fill(NOBODY);
  private readonly pending = new Uint8Array(SOURCES);
  private readonly claimed = new Uint8Array(SOURCES);
  private readonly harts: number;
  /** Sets or clears the external-interrupt line of a hart. */
  private readonly setLine: (hart: number, on: boolean, now: number) => void;

  constructor(harts: number, setLine: (hart: number, on: boolean, now: number) => void) {
    this.harts = harts;
    this.setLine = setLine;
  }

  /** A device wants attention. */
  raise(source: number, now: number): void {
    this.pending[source] = 1;
    this.update(this.route[source] as number, now);
  }

  read(offset: number, hart: number, now: number): number | undefined {
    if (offset !== CLAIM) return undefined;
    const source = this.firstFor(hart);
    if (source === 0) return 0;
    this.pending[source] = 0;
    this.claimed[source] = 1;
    this.update(hart, now);
    return source;
  }

  write(offset: number, value: number, hart: number, now: number): boolean {
    if (offset === CLAIM) {
      if (value > 0 && value < SOURCES) {
        this.claimed[value] = 0;
        // It may be routed elsewhere by now, and have been raised again.
        this.update(this.route[value] as number, now);
      }
      this.update(hart, now);
      return true;
    }
    const source = (offset - ROUTE) / 4;
    if (source < 1 || source >= SOURCES || value < NOBODY || value >= this.harts) return false;
    const before = this.route[source] as number;
    this.route[source] = value;
    this.update(before, now);
    this.update(value, now);
    return true;
  }

  private firstFor(hart: number): number {
    for (let source = 1; source < SOURCES; source++) {
      if (this.route[source] === hart && this.pending[source] === 1 && this.claimed[source] === 0)
        return source;
    }
    return 0;
  }

  private update(hart: number, now: number): void {
    if (hart !== NOBODY) this.setLine(hart, this.firstFor(hart) !== 0, now);
  }
}
