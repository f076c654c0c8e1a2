/**
 * What the threads of `tour` share: a view on memory that is zero at the start. Everything that different
 * harts write lies in a line of its own.
 */
import { type Code, load, spinUntil, store } from '../../hw/isa/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { senseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import { futexMutex } from '../sync/locks/futex-mutex.ts';
import { mcsLock } from '../sync/locks/mcs.ts';
import { testAndSetLock } from '../sync/locks/test-and-set.ts';

/** One whose waiters poll, one in whose queue they stand, one with which they sleep. Their size is the same for any number of threads. */
export const TOUR_LOCKS = [testAndSetLock, mcsLock, futexMutex] as const;
export const TOUR_BARRIERS = [senseReversingBarrier] as const;

const largest = (sizes: readonly number[]): number => roundUp(Math.max(...sizes), LINE);

/** What all read, and the barrier at which they start and end together. */
const HEADER = {
  HARTS: 0,
  ROUNDS: 4,
  READY: 8,
  MEETING: LINE,
  SIZE: LINE + senseReversingBarrier.size(0),
} as const;
/** For each lock: what it guards, and the lock itself. */
const LOCK = { COUNT: 0, LOCK: LINE, SIZE: LINE + largest(TOUR_LOCKS.map((kind) => kind.size(0))) } as const;
/** For each thread: its number and whether it has come to each barrier, and its node in a lock's queue. */
const THREAD = {
  NUMBER: 0,
  ARRIVED: 4,
  NODE: LINE,
  SIZE: LINE + largest(TOUR_LOCKS.map((kind) => kind.nodeSize)),
} as const;
/** For each barrier: whether somebody passed it early, and the barrier itself. */
const BARRIER = { EARLY: 0, BARRIER: LINE } as const;
const barrierSize = (harts: number): number =>
  BARRIER.BARRIER + largest(TOUR_BARRIERS.map((kind) => kind.size(harts)));

const LOCKS_BEGIN = HEADER.SIZE;
const THREADS_BEGIN = LOCKS_BEGIN + TOUR_LOCKS.length * LOCK.SIZE;

export class TourBlock {
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  /** Bytes that so many threads need. */
  static size(harts: number): number {
    return THREADS_BEGIN + harts * THREAD.SIZE + TOUR_BARRIERS.length * barrierSize(harts);
  }

  *initialize(harts: number, rounds: number): Code {
    yield store(this.address + HEADER.HARTS, harts);
    yield store(this.address + HEADER.ROUNDS, rounds);
    yield store(this.address + HEADER.READY, 1);
  }

  *awaitInitialized(): Code {
    yield spinUntil(this.address + HEADER.READY, 1);
  }

  *harts(): Code<number> {
    return yield load(this.address + HEADER.HARTS);
  }

  *rounds(): Code<number> {
    return yield load(this.address + HEADER.ROUNDS);
  }

  /** Address of the barrier at which the threads start and end together. */
  get meeting(): number {
    return this.address + HEADER.MEETING;
  }

  /** Address of the counter that a lock guards. */
  count(lock: number): number {
    return this.address + LOCKS_BEGIN + lock * LOCK.SIZE + LOCK.COUNT;
  }

  /** Address of a lock. */
  lock(lock: number): number {
    return this.address + LOCKS_BEGIN + lock * LOCK.SIZE + LOCK.LOCK;
  }

  /** Address of the word that holds the number of a hart's thread. */
  thread(hart: number): number {
    return this.address + THREADS_BEGIN + hart * THREAD.SIZE + THREAD.NUMBER;
  }

  /** Address of the word that says that a hart's thread has come to a barrier. */
  arrived(barrier: number, hart: number): number {
    return this.address + THREADS_BEGIN + hart * THREAD.SIZE + THREAD.ARRIVED + 4 * barrier;
  }

  /** Address of what a hart's thread brings along for a lock. */
  node(hart: number): number {
    return this.address + THREADS_BEGIN + hart * THREAD.SIZE + THREAD.NODE;
  }

  /** Address of the word that says that somebody passed a barrier early. */
  early(barrier: number, harts: number): number {
    return this.address + THREADS_BEGIN + harts * THREAD.SIZE + barrier * barrierSize(harts) + BARRIER.EARLY;
  }

  /** Address of a barrier. */
  barrier(barrier: number, harts: number): number {
    return this.early(barrier, harts) + BARRIER.BARRIER;
  }
}
