/**
 * Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi & Nagarakatte, *A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs*, ASPLOS 2010. Each schedule gives the n actors random priorities, and
 * lets the highest that can act. At d−1 random steps, whoever is about to act falls below all others. A bug that
 * needs d steps in a certain order is hit with a probability of at least 1/(n·k^(d−1)) per schedule of k steps.
 *
 * Works like the paper's, except that k is learnt: it is the length of the longest schedule of the rounds before, so
 * the first has no change points. An actor that pauses falls to the bottom, as it waits for somebody.
 */
import type { Machine } from '../../hw/machine.ts';
import { xorshift } from '../experiments/framework/random.ts';
import { InParts, type PartSearch } from './division.ts';
import { Numbered, type NumberedPart, seedOf } from './numbered.ts';
import { Turn } from './turn.ts';

/** The longest schedule so far, and how many could act. */
interface Seen {
  readonly steps: number;
  readonly actors: number;
}

/**
 * The search in parts.
 * @param depth the paper's d: how many steps must come in a certain order for the bug to show
 */
export const pct = (depth: number, seed: number): Numbered<Seen> =>
  new Numbered<Seen>({
    atFirst: { steps: 0, actors: 0 },
    join: (left, right) => ({
      steps: Math.max(left.steps, right.steps),
      actors: Math.max(left.actors, right.actors),
    }),
    searchOf: (part) => new PctPart(depth, seed, part),
    coverage: ({ steps, actors }) => {
      const bound = 1 / (Math.max(1, actors) * Math.max(1, steps) ** (depth - 1));
      const chance = bound.toPrecision(2);
      return {
        bound,
        text: `each schedule hits a bug of depth ${depth} with a probability of at least ${chance}`,
      };
    },
  });

/** The search by itself. */
export class Pct extends InParts<NumberedPart<Seen>, Seen> {
  constructor(depth: number, seed: number) {
    super(pct(depth, seed));
  }
}

class PctPart implements PartSearch<Seen> {
  readonly redundant = 0;
  readonly needsFootprint = false;
  private readonly depth: number;
  private readonly seed: number;
  private readonly to: number;
  private readonly length: number;
  private number: number;
  private turn = new Turn(0);
  private priorities: number[] = [];
  /** Steps at which priorities change, with the priority that the actor falls to. */
  private readonly changes = new Map<number, number>();
  private bottom = 0;
  private step = 0;
  private longest = 0;
  private readonly able = new Set<number>();

  constructor(depth: number, seed: number, { from, to, known }: NumberedPart<Seen>) {
    this.depth = depth;
    this.seed = seed;
    this.number = from;
    this.to = to;
    this.length = known.steps;
  }

  get learnt(): Seen {
    return { steps: this.longest, actors: this.able.size };
  }

  begin(machine: Machine): void {
    const { depth, length } = this;
    const random = xorshift(seedOf(this.seed, this.number));
    this.turn = new Turn(machine.harts);
    const actors = machine.actors.count;
    const priorities = Array.from({ length: actors }, (_, index) => depth + index);
    for (let last = actors - 1; last > 0; last--) {
      const other = random() % (last + 1);
      [priorities[last], priorities[other]] = [priorities[other] as number, priorities[last] as number];
    }
    this.priorities = priorities;
    this.changes.clear();
    const points = Math.min(depth - 1, length);
    while (this.changes.size < points) this.changes.set(random() % length, depth - 1 - this.changes.size);
    this.bottom = 0;
    this.step = 0;
  }

  // DOC: pct-choose
  choose(runnable: readonly number[]): number | undefined {
    const { priorities, turn } = this;
    for (const actor of runnable) this.able.add(actor);
    if (turn.paused) priorities[turn.current as number] = this.bottom--;
    const falls = this.changes.get(this.step++);
    if (falls !== undefined) priorities[this.highest(runnable)] = falls;
    const actor = this.highest(runnable);
    turn.take(actor);
    return actor;
  }

  next(): boolean {
    this.longest = Math.max(this.longest, this.step);
    return ++this.number < this.to;
  }

  private highest(runnable: readonly number[]): number {
    const { priorities } = this;
    return runnable.reduce((best, actor) =>
      (priorities[actor] as number) > (priorities[best] as number) ? actor : best,
    );
  }
}
