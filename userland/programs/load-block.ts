/**
 * What the threads of `load` are told: a view on a record for each, a line or more of its own, and on the word that
 * ends the run. Records are written before their threads start; afterwards nobody writes but the word's writer.
 */
import { type Code, load, mark, MARK, store } from '../../hw/isa/index.ts';
import { LINE } from '../runtime/line.ts';

/** What one thread does, again and again. */
export interface Duty {
  /** Bytes that a job touches, line by line. */
  readonly footprint: number;
  /** How often a job goes over them. */
  readonly passes: number;
  /** Percent of the lines that are written. */
  readonly writes: number;
  /** Mean cycles of computation in a job. */
  readonly service: number;
  /** Mean cycles between jobs: from the end of one (closed), or from arrival to arrival (open). */
  readonly think: number;
  /** A number of SPREAD. */
  readonly spread: number;
  readonly isOpen: number;
  /** Of the thread's random numbers; not 0. */
  readonly seed: number;
  /** Address of a word that is 0 until all threads have been made. */
  readonly gate: number;
}

const FIELDS = [
  'footprint',
  'passes',
  'writes',
  'service',
  'think',
  'spread',
  'isOpen',
  'seed',
  'gate',
] as const satisfies readonly (keyof Duty)[];
/** The word that ends the run comes first in each record: it is at the same distance from all. */
const OVER = 0;
const FIRST = 4;

export class LoadRecord {
  static readonly SIZE = LINE;
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  *assign(duty: Duty): Code {
    // One thread writes it while another one looks: that is how it is meant.
    yield mark(MARK.atomic, this.address + OVER, 4);
    for (const [index, field] of FIELDS.entries()) yield store(this.address + FIRST + 4 * index, duty[field]);
  }

  *duty(): Code<Duty> {
    const words: Partial<Record<keyof Duty, number>> = {};
    for (const [index, field] of FIELDS.entries())
      words[field] = yield load(this.address + FIRST + 4 * index);
    return words as Duty;
  }

  /** Lets the thread end after the job that it is doing. */
  *finish(): Code {
    yield store(this.address + OVER, 1);
  }

  *isOver(): Code<boolean> {
    return (yield load(this.address + OVER)) !== 0;
  }
}
