/**
 * Test-and-test-and-set lock with exponential back-off (Anderson 1990). One word, 1 while held.
 *
 * Cheaper than the MCS lock (mcs.ts) while nobody waits, and without a queue node; unfair, and dearer when many wait,
 * since all of them see a release. For locks that are shortly held and seldom contended. A waiter looks at its copy of
 * the word, serves its mailbox meanwhile, and after a lost race waits longer and longer.
 *
 * The kernel has one for comparison, as the lock of the single heap pool (memory/single-pool.ts): the others are either
 * contended, or so seldom taken that a cycle or two do not matter.
 */
import { type Code, csrRead, load, MARK, mark, panic, store, testAndSet, work } from '../../hw/isa/index.ts';
import { PANIC } from '../panics.ts';
import { awaitChange } from './mailbox.ts';
import { ascend, descend } from './nesting.ts';

const FIRST_BACKOFF = 16;
const LONGEST_BACKOFF = 256;

// DOC: acquire-spin
/** Takes the lock. Locks are released in the reverse order of taking. */
export function* acquireSpin(lock: number): Code {
  yield mark(MARK.lockWanted, lock);
  const local = yield csrRead('slocal');
  yield* descend(local);
  let backoff = FIRST_BACKOFF;
  for (;;) {
    if ((yield load(lock)) !== 0) yield* awaitChange(local, lock, 1);
    if ((yield testAndSet(lock)) === 0) break;
    yield work(backoff);
    backoff = Math.min(2 * backoff, LONGEST_BACKOFF);
  }
  yield mark(MARK.lockAcquired, lock);
}

/** Gives the lock up. */
export function* releaseSpin(lock: number): Code {
  yield mark(MARK.lockReleased, lock);
  if ((yield load(lock)) !== 1) yield panic(PANIC.lockOrder);
  yield store(lock, 0);
  yield* ascend(yield csrRead('slocal'));
}
