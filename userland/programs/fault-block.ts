/** What the threads of `fault` share: a view on memory that is zero at the start. */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { LINE } from '../runtime/line.ts';
import { senseReversingBarrier } from '../sync/barriers/sense-reversing.ts';

const PAGES = 0;
const THREADS = 4;
const BACKING = 8;
const REGION = 12;
const NEXT_INDEX = 16;
const BARRIER = LINE;
/** The threads' numbers, a word each. */
const NUMBERS = BARRIER + senseReversingBarrier.size(0);

export class FaultBlock {
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  /** Bytes that so many threads need. */
  static size(threads: number): number {
    return NUMBERS + 4 * threads;
  }

  /** @param region the region that all threads share, or 0 if each is to map its own */
  *initialize(pages: number, threads: number, backing: number, region: number): Code {
    yield store(this.address + PAGES, pages);
    yield store(this.address + THREADS, threads);
    yield store(this.address + BACKING, backing);
    yield store(this.address + REGION, region);
  }

  *pages(): Code<number> {
    return yield load(this.address + PAGES);
  }

  *threads(): Code<number> {
    return yield load(this.address + THREADS);
  }

  *backing(): Code<number> {
    return yield load(this.address + BACKING);
  }

  *region(): Code<number> {
    return yield load(this.address + REGION);
  }

  /** Gives each thread that asks another index, from 0 up. */
  *takeIndex(): Code<number> {
    return yield fetchAndAdd(this.address + NEXT_INDEX, 1);
  }

  /** Address of the barrier at which the threads start together. */
  get barrier(): number {
    return this.address + BARRIER;
  }

  /** Address of the word that holds the number of one of the threads. */
  number(thread: number): number {
    return this.address + NUMBERS + 4 * thread;
  }
}
