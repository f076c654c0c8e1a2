/**
 * What the threads of `barriers` share: a view on memory that is zero at the start. Everything that different
 * threads write lies in a line of its own.
 */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { LINE } from '../runtime/line.ts';
import { senseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import type { BarrierKind } from '../sync/barriers/index.ts';

/** What a thread must know: all threads read it, and nobody writes it once they run. */
export interface Meetings {
  readonly threads: number;
  readonly episodes: number;
  /** Cycles of work between two episodes; every thread works longer by `skew` cycles than the one before it. */
  readonly work: number;
  readonly skew: number;
  /** The word that stands for the kind of barrier. */
  readonly barrier: number;
}

const THREADS = 0;
const EPISODES = 4;
const WORK = 8;
const SKEW = 12;
const KIND = 16;
const NEXT_INDEX = LINE;
const EARLY = 2 * LINE;
const PASSED = 3 * LINE;
const MEETING = 4 * LINE;
const ARRIVED = MEETING + senseReversingBarrier.size(0);

export class BarriersBlock {
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  /** Bytes for so many threads. */
  static size(kind: BarrierKind, threads: number): number {
    return ARRIVED + threads * LINE + kind.size(threads);
  }

  *setMeetings({ threads, episodes, work, skew, barrier }: Meetings): Code {
    yield store(this.address + THREADS, threads);
    yield store(this.address + EPISODES, episodes);
    yield store(this.address + WORK, work);
    yield store(this.address + SKEW, skew);
    yield store(this.address + KIND, barrier);
  }

  *meetings(): Code<Meetings> {
    return {
      threads: yield load(this.address + THREADS),
      episodes: yield load(this.address + EPISODES),
      work: yield load(this.address + WORK),
      skew: yield load(this.address + SKEW),
      barrier: yield load(this.address + KIND),
    };
  }

  /** Gives each thread that asks another index, from 0 up. */
  *takeIndex(): Code<number> {
    return yield fetchAndAdd(this.address + NEXT_INDEX, 1);
  }

  /** How often a thread found that it had passed before another one had arrived. */
  get early(): number {
    return this.address + EARLY;
  }

  /** How many episodes all threads have passed together. */
  get passed(): number {
    return this.address + PASSED;
  }

  /** The barrier at which the threads start and end together. */
  get meeting(): number {
    return this.address + MEETING;
  }

  /** The number of the episode that a thread has arrived at. */
  arrived(index: number): number {
    return this.address + ARRIVED + index * LINE;
  }

  barrier(threads: number): number {
    return this.address + ARRIVED + threads * LINE;
  }
}
