/**
 * The test-and-test-and-set lock: works like test-and-set, except that a waiter reads its cached copy until that
 * is taken away, and only then tries. (Notes: spin on read.)
 *
 * While the lock is held nobody disturbs anybody. At a release all n waiters miss, see it free, and try; each try
 * takes the line away from those who still look. So a handover costs up to n² misses, and n in the best case.
 */
import { type Code, MARK, mark, spinUntil, store, testAndSet } from '../../../hw/isa/index.ts';
import type { Lock, LockKind } from './lock.ts';

const FREE = 0;

export class SpinOnReadLock implements Lock {
  private readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  // DOC: spin-on-read
  *acquire(): Code {
    yield mark(MARK.lockWanted, this.word);
    do {
      yield spinUntil(this.word, FREE);
    } while ((yield testAndSet(this.word)) !== FREE);
    yield mark(MARK.lockAcquired, this.word);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    yield store(this.word, FREE);
  }
}

export const spinOnReadLock: LockKind = {
  id: 'spin-on-read',
  summary: 'A waiter reads its cached copy, and tries when that says the lock is free',
  fifo: false,
  blocking: false,
  size: () => 4,
  nodeSize: 0,
  at: (address) => new SpinOnReadLock(address),
};
