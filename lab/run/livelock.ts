/**
 * Notices that nothing but the clock is left: for millions of steps timers tick and threads take turns, yet no
 * program has completed an instruction, called the kernel or faulted, and no disk has completed a request. That is
 * a deadlock of spinning threads that share a hart: the machine cannot see it, because each tick is something to do.
 */
import type { Counters } from '../../hw/counters.ts';
import type { Disk } from '../../hw/devices/disk.ts';

/** What the detector sees of a machine. */
interface Observed {
  readonly counters: Pick<Counters, 'total'>;
  readonly disks: readonly Pick<Disk, 'ended'>[];
}

/** So many steps in a row must have brought no progress. */
const PATIENCE = 2_000_000;
/** With fewer thread switches than one in so many steps it is the kernel's own work, such as unmapping a region. */
const STEPS_PER_SWITCH = 4000;

export class LivelockDetector {
  private readonly machine: Observed;
  private stuckFor = 0;
  private progress = -1;
  private switches = 0;

  constructor(machine: Observed) {
    this.machine = machine;
  }

  /** Looks after a slice of so many steps; says whether it is time to suspect a livelock. */
  suspects(steps: number): boolean {
    const { counters, disks } = this.machine;
    const exceptions = counters.total('traps') - counters.total('interrupts');
    const moved = disks.reduce((sum, { ended }) => sum + ended, 0);
    const progress = counters.total('userInstructions') + exceptions + moved;
    const switches = counters.total('contextSwitches');
    const stuck = progress === this.progress && (switches - this.switches) * STEPS_PER_SWITCH >= steps;
    this.stuckFor = stuck ? this.stuckFor + steps : 0;
    this.progress = progress;
    this.switches = switches;
    return this.stuckFor >= PATIENCE;
  }
}
