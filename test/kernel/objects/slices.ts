/**
 * Schedules in which an actor goes on for a while (1 to 512 steps, log-uniform) before another one does: long
 * preemptions in the midst of something, which uniform random choice hardly ever makes.
 */
import type { Arbiter } from '../../../hw/sequencer/arbiter.ts';
import { splitMix } from '../../../hw/sequencer/split-mix.ts';

export class SlicesArbiter implements Arbiter {
  private readonly random: () => number;
  private readonly longest: number;
  private actor = -1;
  private left = 0;

  constructor(seed: number, longest = 10) {
    this.random = splitMix(seed);
    this.longest = longest;
  }

  choose(runnable: readonly number[]): number | undefined {
    this.left -= 1;
    if (this.left >= 0 && runnable.includes(this.actor)) return this.actor;
    this.actor = runnable[this.random() % runnable.length] as number;
    this.left = this.random() % (1 << (this.random() % this.longest));
    return this.actor;
  }
}
