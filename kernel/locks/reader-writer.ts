/**
 * Reader-writer lock: many readers, or one writer. Everybody comes through one gate, an MCS lock, in the order of
 * arrival: a reader is counted in and leaves the gate open behind it; a writer keeps the gate and waits until the
 * readers inside have left. So neither starves.
 *
 * Used for: the regions of a process. For what is read often and long, and seldom changed. Readers still share a line with the gate and one with
 * the count: the lock lets them be inside together, and is no cheaper to take than the MCS lock.
 */
import { type Code, csrRead, fetchAndAdd, load, MARK, mark, panic } from '../../hw/isa/index.ts';
import { PANIC } from '../panics.ts';
import { onLine, struct } from '../struct.ts';
import { awaitChange } from './mailbox.ts';
import { acquire, release } from './mcs.ts';
import { ascend, descend } from './nesting.ts';

/** The lock's words; all zero is free. */
export const READER_WRITER = struct({ readers: onLine(), gate: onLine() });

/** Comes in as a reader. Locks are released in the reverse order of taking. */
export function* acquireRead(lock: number): Code {
  yield mark(MARK.lockWanted, lock);
  yield* acquire(lock + READER_WRITER.gate);
  yield fetchAndAdd(lock + READER_WRITER.readers, 1);
  yield* release(lock + READER_WRITER.gate);
  // The reader holds no queue node, but must not block either.
  yield* descend(yield csrRead('slocal'));
  yield mark(MARK.lockAcquired, lock, 1);
}

// DOC: release-read
/** Leaves as a reader. */
export function* releaseRead(lock: number): Code {
  yield mark(MARK.lockReleased, lock);
  yield* ascend(yield csrRead('slocal'));
  if ((yield fetchAndAdd(lock + READER_WRITER.readers, -1)) <= 0) yield panic(PANIC.negativeCount);
}

/** Comes in as the writer, when everybody else has left. */
export function* acquireWrite(lock: number): Code {
  yield mark(MARK.lockWanted, lock);
  yield* acquire(lock + READER_WRITER.gate);
  const local = yield csrRead('slocal');
  for (;;) {
    const readers = yield load(lock + READER_WRITER.readers);
    if (readers === 0) break;
    yield* awaitChange(local, lock + READER_WRITER.readers, readers);
  }
  yield mark(MARK.lockAcquired, lock);
}

/** Leaves as the writer. */
export function* releaseWrite(lock: number): Code {
  yield mark(MARK.lockReleased, lock);
  yield* release(lock + READER_WRITER.gate);
}
