/**
 * What can go wrong with a machine, as data: given to the machine when it is built, so that a run with faults is
 * as reproducible as one without. A list of faults is a part of the run's description, beside configuration,
 * program and seed.
 */
import type { INTERRUPT } from '../isa/csr.ts';

export type Fault =
  /** The disk answers its n-th request (from 0, in the order in which they start) with an error, and moves nothing. */
  | { readonly kind: 'diskError'; readonly request: number }
  /** Every request that touches this block fails. */
  | { readonly kind: 'badBlock'; readonly block: number }
  /**
   * The n-th interrupt of a kind (from 0, counted over the whole machine) comes so many cycles late: a timer's,
   * an inter-processor interrupt (`software`), or a device's (`external`).
   */
  | {
      readonly kind: 'delay';
      readonly interrupt: keyof typeof INTERRUPT;
      readonly nth: number;
      readonly cycles: number;
    }
  /**
   * The machine stops dead: after so many steps, or at a cycle. The disk keeps what it has. Of a write in flight,
   * the first `written` blocks are on the disk, whole; by default those whose time had passed.
   */
  | {
      readonly kind: 'powerLoss';
      readonly after: 'steps' | 'cycles';
      readonly count: number;
      readonly written?: number;
    };

/** A fault in a few words. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'diskError':
      return `disk request ${fault.request} fails`;
    case 'badBlock':
      return `disk block ${fault.block} is bad`;
    case 'delay':
      return `${fault.interrupt} interrupt ${fault.nth} comes ${fault.cycles} cycles late`;
    case 'powerLoss': {
      const torn =
        fault.written === undefined ? '' : `, ${fault.written} blocks of a write in flight written`;
      return `power is lost after ${fault.count} ${fault.after}${torn}`;
    }
  }
}
