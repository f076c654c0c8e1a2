/**
 * A reader-writer lock in one word: how many hold it to read, and whether somebody writes (Mellor-Crummey & Scott, PPoPP
 * 1991, the centralized one, with preference for readers).
 *
 * A reader counts itself in whether or not somebody writes, and then waits for the writer. Writers wait for a word
 * of zero, so readers that keep coming keep them out. Every reader takes the line away from the others.
 */
import {
  type Code,
  compareAndSwap,
  fetchAndAdd,
  MARK,
  mark,
  spinUntil,
  spinUntilNot,
} from '../../../hw/isa/index.ts';
import type { LockKind, SharedLock } from './lock.ts';

const FREE = 0;
const WRITER = 1;
const READER = 2;

export class CentralSharedLock implements SharedLock {
  private readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  *acquire(): Code {
    yield mark(MARK.lockWanted, this.word);
    while ((yield compareAndSwap(this.word, FREE, WRITER)) !== FREE) yield spinUntil(this.word, FREE);
    yield mark(MARK.lockAcquired, this.word);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    yield fetchAndAdd(this.word, -WRITER);
  }

  // DOC: shared-acquire
  *acquireShared(): Code {
    let seen = yield fetchAndAdd(this.word, READER);
    while (seen & WRITER) seen = yield spinUntilNot(this.word, seen);
  }

  *releaseShared(): Code {
    yield fetchAndAdd(this.word, -READER);
  }
}

export const centralSharedLock: LockKind<SharedLock> = {
  id: 'shared',
  summary: 'Many read or one writes: one word with a count of readers; readers go first',
  fifo: false,
  blocking: false,
  size: () => 4,
  nodeSize: 0,
  at: (address) => new CentralSharedLock(address),
};
