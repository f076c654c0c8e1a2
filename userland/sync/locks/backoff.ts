/**
 * Work like test-and-set, except that whoever fails waits before it tries again, longer each time (Mellor-Crummey &
 * Scott 1991, algorithm 1). How much longer is the difference between linear and exponential backoff.
 *
 * Delays grow up to one unit for each thread, which is what a queue of all of them would make one wait. They need no
 * coherent caches. Who waits longest gets it last: no order is promised.
 */
import { type Code, MARK, mark, pause, store, testAndSet, work } from '../../../hw/isa/index.ts';
import { DELAY } from './delay.ts';
import type { Lock, LockKind } from './lock.ts';

const FREE = 0;

/** The delay after one more failure, in cycles. */
export type Growth = (delay: number) => number;

export class BackoffLock implements Lock {
  private readonly word: number;
  private readonly most: number;
  private readonly next: Growth;

  constructor(address: number, threads: number, next: Growth) {
    this.word = address;
    this.most = DELAY * threads;
    this.next = next;
  }

  // DOC: backoff
  *acquire(): Code {
    yield mark(MARK.lockWanted, this.word);
    let delay = DELAY;
    while ((yield testAndSet(this.word)) !== FREE) {
      yield pause();
      yield work(delay);
      delay = Math.min(this.next(delay), this.most);
    }
    yield mark(MARK.lockAcquired, this.word);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    yield store(this.word, FREE);
  }
}

const backoff = (id: string, summary: string, next: Growth): LockKind => ({
  id,
  summary,
  fifo: false,
  blocking: false,
  size: () => 4,
  nodeSize: 0,
  at: (address, threads) => new BackoffLock(address, threads, next),
});

export const linearBackoffLock = backoff(
  'linear-backoff',
  'As test-and-set; the delay between two tries grows by a unit',
  (delay) => delay + DELAY,
);

export const exponentialBackoffLock = backoff(
  'exponential-backoff',
  'As test-and-set; the delay between two tries doubles',
  (delay) => 2 * delay,
);
