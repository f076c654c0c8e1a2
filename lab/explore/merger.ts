/**
 * Gives out the parts of a search, and puts together what came of them, in their order: so that it does not matter how
 * many are carried out at a time, and which is ready first.
 */
import type { PartResult } from './carry-out.ts';
import type { Division } from './division.ts';
import type { Failed } from './subject.ts';

/** A part with its place in the order. */
export interface Numbered {
  readonly number: number;
  readonly part: unknown;
}

export class Merger {
  /** Schedules of all parts put together so far. */
  schedules = 0;
  /** The first failure, once it is certain that it is the first. */
  failed: Failed | undefined;
  /** Whether no schedule is left. */
  exhausted = false;
  private readonly division: Division;
  private readonly limit: number;
  private readonly given: unknown[] = [];
  private readonly waiting = new Map<number, PartResult>();
  private merged = 0;
  private isOver = false;
  /** The first part in which something failed or came short: later ones are of no use. */
  private last = Number.POSITIVE_INFINITY;

  /** @param limit schedules at most */
  constructor(division: Division, limit: number) {
    this.division = division;
    this.limit = limit;
  }

  /** Whether the result is there. */
  get over(): boolean {
    return this.isOver;
  }

  /** Parts after this one are of no use. */
  get lastUseful(): number {
    return this.last;
  }

  /** The next part to carry out, unless there is none just now. */
  next(): Numbered | undefined {
    if (this.isOver || this.last < this.given.length) return undefined;
    const part = this.division.next();
    if (part === undefined) {
      if (this.merged === this.given.length) this.end(true);
      return undefined;
    }
    this.given.push(part);
    return { number: this.given.length - 1, part };
  }

  /** Takes in what came of a part. */
  take(number: number, result: PartResult): void {
    if (result.failed !== undefined || !result.isWhole) this.last = Math.min(this.last, number);
    this.waiting.set(number, result);
    for (let next = this.waiting.get(this.merged); next !== undefined; next = this.waiting.get(this.merged)) {
      if (this.isOver) return;
      this.waiting.delete(this.merged);
      this.merge(next);
      this.merged++;
    }
  }

  private merge({ schedules, failed, isWhole, learnt }: PartResult): void {
    if (this.schedules + schedules > this.limit) {
      this.schedules = this.limit;
      this.end(false);
      return;
    }
    this.schedules += schedules;
    this.failed = failed;
    if (failed !== undefined || !isWhole) {
      this.end(false);
      return;
    }
    this.division.learn(this.given[this.merged], learnt);
    this.given[this.merged] = undefined;
    if (this.schedules < this.limit) return;
    // Exactly as many as there were, or as were allowed.
    this.end(this.merged + 1 === this.given.length && this.division.next() === undefined);
  }

  private end(exhausted: boolean): void {
    this.isOver = true;
    this.exhausted = exhausted;
  }
}
