/**
 * Notices that nothing but the clock is left: for millions of steps timers tick and threads take turns, yet no
 * program has completed an instruction, called the kernel or faulted. That is a deadlock of spinning threads
 * that share a hart: the machine cannot see it, because each tick is something to do.
 */
import type { Counters } from '../../hw/counters.ts';

/** So many steps in a row must have brought no progress. */
const PATIENCE = 2_000_000;
/** With fewer thread switches than one in so many steps it is the kernel's own work, such as unmapping a region. */
const STEPS_PER_SWITCH = 4000;

export class LivelockDetector {
  private readonly counters: Counters;
  private stuckFor = 0;
  private progress = -1;
  private switches = 0;

  constructor(counters: Counters) {
    this.counters = counters;
  }

  /** Looks after a slice of so many steps; says whether it is time to suspect a livelock. */
  suspects(steps: number): boolean {
    const { counters } = this;
    const exceptions = counters.total('traps') - counters.total('interrupts');
    const progress = counters.total('userInstructions') + exceptions;
    const switches = counters.total('contextSwitches');
    const stuck = progress === this.progress && (switches - this.switches) * STEPS_PER_SWITCH >= steps;
    this.stuckFor = stuck ? this.stuckFor + steps : 0;
    this.progress = progress;
    this.switches = switches;
    return this.stuckFor >= PATIENCE;
  }
}
