/**
 * Schedules that have numbers, from 0 on: each depends on its number alone, and on what all schedules of earlier
 * rounds have taught. A round ends before each power of two, so there are few. There are always more schedules.
 */
import { scrambled } from '../../hw/sequencer/split-mix.ts';
import type { Coverage, Division, PartSearch } from './division.ts';

/** Schedules `from` to `to` − 1. */
export interface NumberedPart<Learnt> {
  readonly from: number;
  readonly to: number;
  /** What the rounds before taught. */
  readonly known: Learnt;
}

export interface Numbering<Learnt> {
  /** What is known before the first schedule. */
  readonly atFirst: Learnt;
  /** What two parts taught, together. */
  join(left: Learnt, right: Learnt): Learnt;
  searchOf(part: NumberedPart<Learnt>): PartSearch<Learnt>;
  coverage(known: Learnt): Coverage;
}

const IN_PART = 32;

/** Whether a round begins with this number. */
const beginsRound = (number: number): boolean => (number & (number - 1)) === 0;

export class Numbered<Learnt> implements Division<NumberedPart<Learnt>, Learnt> {
  private readonly numbering: Numbering<Learnt>;
  private at = 0;
  private missing = 0;
  private known: Learnt;
  private learnt: Learnt;

  constructor(numbering: Numbering<Learnt>) {
    this.numbering = numbering;
    this.known = numbering.atFirst;
    this.learnt = numbering.atFirst;
  }

  next(): NumberedPart<Learnt> | undefined {
    const from = this.at;
    if (beginsRound(from)) {
      if (this.missing > 0) return undefined;
      this.known = this.learnt;
    }
    let to = from + 1;
    while (to - from < IN_PART && !beginsRound(to)) to++;
    this.at = to;
    this.missing++;
    return { from, to, known: this.known };
  }

  learn(_part: NumberedPart<Learnt>, learnt: Learnt): void {
    this.missing--;
    this.learnt = this.numbering.join(this.learnt, learnt);
  }

  searchOf(part: NumberedPart<Learnt>): PartSearch<Learnt> {
    return this.numbering.searchOf(part);
  }

  coverage(): Coverage {
    return this.numbering.coverage(this.learnt);
  }
}

/** A seed for the schedule with this number; near seeds and numbers give others that have nothing in common. */
export const seedOf = (seed: number, number: number): number =>
  scrambled((Math.imul(seed + 1, 0x9e3779b1) + Math.imul(number, 0x85ebca6b)) | 0);
