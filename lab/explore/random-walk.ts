/** Chooses uniformly among those that can act, at each step of each schedule. Never runs out of schedules. */
import { RandomArbiter } from '../../hw/sequencer/arbiter.ts';
import { InParts, type PartSearch } from './division.ts';
import { Numbered, type NumberedPart, seedOf } from './numbered.ts';

type Nothing = null;

/** The search in parts. */
export const randomWalk = (seed: number): Numbered<Nothing> =>
  new Numbered<Nothing>({
    atFirst: null,
    join: () => null,
    searchOf: (part) => new Walk(seed, part),
    coverage: () => ({ bound: null, text: 'some schedules; others may fail' }),
  });

/** The search by itself. */
export class RandomWalk extends InParts<NumberedPart<Nothing>, Nothing> {
  constructor(seed: number) {
    super(randomWalk(seed));
  }
}

class Walk implements PartSearch<Nothing> {
  readonly redundant = 0;
  readonly needsFootprint = false;
  readonly learnt = null;
  private readonly seed: number;
  private readonly to: number;
  private number: number;
  private walk = new RandomArbiter(0);

  constructor(seed: number, { from, to }: NumberedPart<Nothing>) {
    this.seed = seed;
    this.number = from;
    this.to = to;
  }

  begin(): void {
    this.walk = new RandomArbiter(seedOf(this.seed, this.number));
  }

  choose(runnable: readonly number[]): number | undefined {
    return this.walk.choose(runnable);
  }

  next(): boolean {
    return ++this.number < this.to;
  }
}
