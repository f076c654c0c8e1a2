/**
 * Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi & Nagarakatte, *A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs*, ASPLOS 2010. Each schedule gives the n actors random priorities, and
 * lets the highest that can act. At d−1 random steps, whoever is about to act falls below all others. A bug that
 * needs d steps in a certain order is hit with a probability of at least 1/(n·k^(d−1)) per schedule of k steps.
 *
 * Works like the paper's, except that k is learnt: it is the length of the longest schedule so far, so the first
 * has no change points. An actor that pauses falls to the bottom, as it waits for somebody.
 */
import type { Machine } from '../../hw/machine.ts';
import { xorshift } from '../experiments/framework/random.ts';
import type { Search } from './every-execution.ts';
import { Turn } from './turn.ts';

export class Pct implements Search {
  readonly redundant = 0;
  readonly needsFootprint = false;
  private readonly depth: number;
  private readonly random: () => number;
  private turn = new Turn(0);
  private priorities: number[] = [];
  /** Steps at which priorities change, with the priority that the actor falls to. */
  private readonly changes = new Map<number, number>();
  private bottom = 0;
  private step = 0;
  private longest = 0;

  /** @param depth the paper's d: how many steps must come in a certain order for the bug to show */
  constructor(depth: number, seed: number) {
    this.depth = depth;
    // Near seeds begin alike with a xorshift; an odd multiplier parts them.
    this.random = xorshift(Math.imul(seed + 1, 0x9e3779b1));
  }

  /** The least probability with which one schedule hits a bug of this depth: 1/(n·k^(d−1)). */
  get bound(): number {
    return 1 / (Math.max(1, this.priorities.length) * Math.max(1, this.longest) ** (this.depth - 1));
  }

  begin(machine: Machine): void {
    const { depth, random } = this;
    const actors = machine.harts * (machine.config.storeBuffer > 0 ? 2 : 1);
    this.turn = new Turn(machine.harts);
    this.priorities = Array.from({ length: actors }, (_, index) => depth + index);
    for (let last = actors - 1; last > 0; last--) {
      const other = random() % (last + 1);
      const { priorities } = this;
      [priorities[last], priorities[other]] = [priorities[other] as number, priorities[last] as number];
    }
    this.changes.clear();
    const points = Math.min(depth - 1, this.longest);
    while (this.changes.size < points)
      this.changes.set(random() % this.longest, depth - 1 - this.changes.size);
    this.bottom = 0;
    this.step = 0;
  }

  // DOC: pct-choose
  choose(runnable: readonly number[]): number | undefined {
    const { priorities, turn } = this;
    if (turn.paused) priorities[turn.current as number] = this.bottom--;
    const falls = this.changes.get(this.step++);
    if (falls !== undefined) priorities[this.highest(runnable)] = falls;
    const actor = this.highest(runnable);
    turn.take(actor);
    return actor;
  }

  next(): boolean {
    this.longest = Math.max(this.longest, this.step);
    return true;
  }

  private highest(runnable: readonly number[]): number {
    const { priorities } = this;
    return runnable.reduce((best, actor) =>
      (priorities[actor] as number) > (priorities[best] as number) ? actor : best,
    );
  }
}
