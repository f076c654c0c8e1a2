/** Chooses uniformly among those that can act, at each step of each schedule. Never runs out of schedules. */
import { RandomArbiter } from '../../hw/sequencer/arbiter.ts';
import type { Search } from './every-execution.ts';

export class RandomWalk implements Search {
  readonly redundant = 0;
  readonly needsFootprint = false;
  private readonly walk: RandomArbiter;

  constructor(seed: number) {
    this.walk = new RandomArbiter(seed);
  }

  begin(): void {}

  choose(runnable: readonly number[]): number | undefined {
    return this.walk.choose(runnable);
  }

  next(): boolean {
    return true;
  }
}
