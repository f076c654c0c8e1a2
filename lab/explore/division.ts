/**
 * A search in parts that can be carried out by themselves: one after another, or several at a time by worker threads.
 * Which parts there are, and in which order, depends on nothing but the program and the settings; so does what is
 * found first.
 */
import type { Footprint } from '../../hw/hart/footprint.ts';
import type { Machine } from '../../hw/machine.ts';
import type { Search } from './every-execution.ts';

/** What has been covered. */
export interface Coverage {
  /** Preemptions or delays up to which every schedule was run; `pct`: the least chance of each schedule. */
  readonly bound: number | null;
  /** The same in words. */
  readonly text: string;
}

/** Carries out one part; `next` gives false at its end. */
export interface PartSearch<Learnt> extends Search {
  /** What later parts depend on, once this one is at its end: plain data. */
  readonly learnt: Learnt;
  /** Whether the part only looks where schedules lead: what it runs does not count, and is run again. */
  readonly isSurvey?: boolean;
}

/** Parts and what they teach are plain data, which threads can send each other. */
export interface Division<Part = unknown, Learnt = unknown> {
  /** The next part; none while it depends on what earlier ones have yet to teach, and at the end. */
  next(): Part | undefined;
  /** Takes in what a part taught; in the order in which parts were given out. */
  learn(part: Part, learnt: Learnt): void;
  /** How to carry a part out: depends on nothing but the part. */
  searchOf(part: Part): PartSearch<Learnt>;
  /** @param exhausted whether all parts have been carried out */
  coverage(exhausted: boolean): Coverage;
}

/** One part after another, as one search. For divisions without surveys. */
export class InParts<Part, Learnt> implements Search {
  readonly redundant = 0;
  readonly needsFootprint = false;
  private readonly division: Division<Part, Learnt>;
  private part: Part;
  private search: PartSearch<Learnt>;

  constructor(division: Division<Part, Learnt>) {
    this.division = division;
    this.part = division.next() as Part;
    this.search = division.searchOf(this.part);
  }

  begin(machine: Machine, footprint: Footprint): void {
    this.search.begin(machine, footprint);
  }

  choose(runnable: readonly number[], step: number): number | undefined {
    return this.search.choose(runnable, step);
  }

  next(): boolean {
    if (this.search.next()) return true;
    this.division.learn(this.part, this.search.learnt);
    const part = this.division.next();
    if (part === undefined) return false;
    this.part = part;
    this.search = this.division.searchOf(part);
    return true;
  }
}
