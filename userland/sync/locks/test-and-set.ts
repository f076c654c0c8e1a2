/**
 * The test-and-set lock: one word, 0 when free.
 *
 * Every poll is a read-modify-write, which takes the line away from all others: n waiters keep the bus or the
 * home node busy, and delay even the release. No order is promised. (Notes: the naive spinlock.)
 */
import { awaitTestAndSet, type Code, MARK, mark, store } from '../../../hw/isa/index.ts';
import type { Lock, LockKind } from './lock.ts';

const FREE = 0;

export class TestAndSetLock implements Lock {
  private readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  // DOC: test-and-set
  *acquire(): Code {
    yield mark(MARK.lockWanted, this.word);
    yield awaitTestAndSet(this.word);
    yield mark(MARK.lockAcquired, this.word);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    yield store(this.word, FREE);
  }
}

export const testAndSetLock: LockKind = {
  id: 'test-and-set',
  summary: 'One word; every poll is a read-modify-write',
  fifo: false,
  blocking: false,
  size: () => 4,
  nodeSize: 0,
  at: (address) => new TestAndSetLock(address),
};
