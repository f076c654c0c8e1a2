/**
 * Notices that nothing but the clock is left: for millions of steps timers tick and threads take turns, yet no
 * program has completed an instruction, called the kernel or faulted. That is a deadlock of spinning threads
 * that share a hart: the machine cannot see it, because each tick is something to do.
 */
import type { Counters } from '../../hw/counters.ts';

/** So many looks in a row, each after one slice of the run, must have seen no progress. */
const PATIENCE = 10;
/** A slice without at least so many thread switches is the kernel's own work, such as unmapping a large region. */
const LEAST_SWITCHES = 50;

export class LivelockDetector {
  private readonly counters: Counters;
  private idleLooks = 0;
  private progress = -1;
  private switches = 0;

  constructor(counters: Counters) {
    this.counters = counters;
  }

  /** Looks after a slice of the run; says whether it is time to suspect a livelock. */
  suspects(): boolean {
    const { counters } = this;
    const exceptions = counters.total('traps') - counters.total('interrupts');
    const progress = counters.total('userInstructions') + exceptions;
    const switches = counters.total('contextSwitches');
    const stuck = progress === this.progress && switches - this.switches >= LEAST_SWITCHES;
    this.idleLooks = stuck ? this.idleLooks + 1 : 0;
    this.progress = progress;
    this.switches = switches;
    return this.idleLooks >= PATIENCE;
  }
}
