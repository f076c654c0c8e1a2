/**
 * The scheduler that the ready wheel must agree with: it looks at every hart and takes the one with the
 * earliest clock, ties by the seeded order. Slow and plainly right.
 */
import { actsBefore } from '../../../hw/sequencer/order.ts';

export class LinearScheduler {
  private readonly clock: Float64Array;
  private readonly seed: number;
  private readonly ready = new Set<number>();

  constructor(clock: Float64Array, seed: number) {
    this.clock = clock;
    this.seed = seed;
  }

  insert(hart: number): void {
    this.ready.add(hart);
  }

  nextCycle(): number {
    return Math.min(...[...this.ready].map((hart) => this.clock[hart] as number));
  }

  take(cycle: number): number {
    let first = -1;
    for (const hart of this.ready) {
      if (this.clock[hart] !== cycle) continue;
      if (first < 0 || actsBefore(this.seed, cycle, hart, first)) first = hart;
    }
    this.ready.delete(first);
    return first;
  }
}
