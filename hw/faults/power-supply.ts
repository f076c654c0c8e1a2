/** The power supply of a machine on which it fails: after so many steps, at a cycle, or never. */
import type { Disk } from '../devices/disk.ts';
import type { EventQueue } from '../sequencer/event-queue.ts';
import type { RunEnd } from '../sequencer/sequencer.ts';
import type { Stop } from '../stop.ts';
import type { FaultPlan } from './fault-plan.ts';

interface PowerWires {
  readonly plan: FaultPlan;
  readonly events: EventQueue;
  readonly disks: readonly Disk[];
  /** Steps that the machine has taken, and its latest clock. */
  steps(): number;
  now(): number;
  /** Whether some program has not ended yet. */
  running(): boolean;
  end(stop: Stop): void;
}

export class PowerSupply {
  private readonly wires: PowerWires;
  private readonly lastStep: number;

  constructor(wires: PowerWires) {
    const { plan, events } = wires;
    this.wires = wires;
    this.lastStep = plan.lastStep;
    for (const { after, count, written } of plan.powerLosses) {
      // A machine on which every program has ended does not notice.
      if (after === 'cycles') events.schedule(count, (now) => wires.running() && this.fail(now, written));
    }
  }

  /** Runs for so many steps, or for as many as there is power. */
  run(steps: number, go: (steps: number) => RunEnd): RunEnd {
    const left = this.lastStep - this.wires.steps();
    if (left > 0) {
      const end = go(Math.min(left, steps));
      if (end !== 'instructions' || this.lastStep > this.wires.steps()) return end;
    }
    const loss = this.wires.plan.powerLosses.find(
      ({ after, count }) => after === 'steps' && count === this.lastStep,
    );
    this.fail(this.wires.now(), loss?.written);
    return 'stopped';
  }

  private fail(now: number, written: number | undefined): void {
    for (const disk of this.wires.disks) disk.losePower(now, written);
    this.wires.end({ kind: 'powerLost', cycle: now });
  }
}
