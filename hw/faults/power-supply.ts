/** The power supply of a machine on which it fails: after so many steps, at a cycle, or never. */
import type { Disk } from '../devices/disk.ts';
import type { EventQueue } from '../sequencer/event-queue.ts';
import type { Stop } from '../stop.ts';
import type { FaultPlan } from './fault-plan.ts';

export class PowerSupply {
  private readonly plan: FaultPlan;
  private readonly disks: readonly Disk[];
  private readonly end: (stop: Stop) => void;
  private readonly lastStep: number;

  constructor(plan: FaultPlan, events: EventQueue, disks: readonly Disk[], end: (stop: Stop) => void) {
    this.plan = plan;
    this.disks = disks;
    this.end = end;
    this.lastStep = plan.lastStep;
    for (const { after, count, written } of plan.powerLosses)
      if (after === 'cycles') events.schedule(count, (now) => this.lose(now, written));
  }

  /** Steps for which there is power yet, after so many. */
  stepsLeft(taken: number): number {
    return Math.max(0, this.lastStep - taken);
  }

  /** The last step has been taken. */
  fail(now: number): void {
    const loss = this.plan.powerLosses.find(
      ({ after, count }) => after === 'steps' && count === this.lastStep,
    );
    this.lose(now, loss?.written);
  }

  private lose(now: number, written: number | undefined): void {
    for (const disk of this.disks) disk.losePower(now, written);
    this.end({ kind: 'powerLost', cycle: now });
  }
}
