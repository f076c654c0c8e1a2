/**
 * A reader-writer lock with a word for each reader: works like the one in one word, except that readers do not meet.
 * (Hsieh & Weihl, 1992; Linux once had it as the big-reader lock.)
 *
 * A reader announces itself in its own line, then looks whether somebody writes; a writer says that it writes, then
 * waits for every reader's word. Each does the first before the second, so they cannot miss each other. Reading costs
 * hits only; writing costs a miss for each thread. Writers go first.
 */
import {
  type Code,
  fetchAndAdd,
  load,
  MARK,
  mark,
  spinUntil,
  store,
  testAndSet,
} from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { inRow, type Placement } from '../placement.ts';
import type { LockKind, SharedLock } from './lock.ts';

const FREE = 0;
const ABSENT = 0;

export class DistributedSharedLock implements SharedLock {
  private readonly writing: number;
  private readonly threads: number;
  /** Whether a thread reads. */
  private readonly readingOf: Placement;

  constructor(address: number, threads: number, readingOf: Placement) {
    this.writing = address;
    this.threads = threads;
    this.readingOf = readingOf;
  }

  // DOC: distributed-acquire
  *acquire(): Code {
    yield mark(MARK.lockWanted, this.writing);
    do {
      yield spinUntil(this.writing, FREE);
    } while ((yield testAndSet(this.writing)) !== FREE);
    for (let reader = 0; reader < this.threads; reader++) yield spinUntil(this.readingOf(reader), ABSENT);
    yield mark(MARK.lockAcquired, this.writing);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.writing);
    yield store(this.writing, FREE);
  }

  // DOC: distributed-acquire-shared
  *acquireShared(reader: number): Code {
    for (;;) {
      // Atomic, so that it is seen before the look at the writer.
      yield fetchAndAdd(this.readingOf(reader), 1);
      if ((yield load(this.writing)) === FREE) return;
      yield fetchAndAdd(this.readingOf(reader), -1);
      yield spinUntil(this.writing, FREE);
    }
  }

  *releaseShared(reader: number): Code {
    yield fetchAndAdd(this.readingOf(reader), -1);
  }
}

export const distributedSharedLock: LockKind<SharedLock> = {
  id: 'shared-distributed',
  summary: 'Many read or one writes: a word for each reader in a line of its own; writers go first',
  fifo: false,
  blocking: false,
  size: (threads) => LINE * (1 + threads),
  nodeSize: 0,
  at: (address, threads, slots = inRow(address + LINE, LINE)) =>
    new DistributedSharedLock(address, threads, slots),
};
