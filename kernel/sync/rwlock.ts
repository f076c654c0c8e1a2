/**
 * The reader-writer lock: many threads that read, or one that writes, in the order in which they came.
 *
 * Readers are counted on the representative of their group of harts, so that those of different groups share no line.
 * While somebody writes or waits, `closed` is set on all representatives: a reader that has counted itself in and finds
 * it set counts itself out again and asks at home. (Linux's brlock; Hsieh & Weihl, IPPS 1992.)
 *
 * A reader adds first and looks at `closed` then; a writer sets `closed` first and adds the counts up then: one of them
 * sees the other. Likewise on the way out: a reader subtracts first, and whoever waits has set `closed`.
 *
 * Robust as the mutex is, for those that write: whoever gets the lock next is told, readers too, and one that writes
 * has to put things in order. A reader that ends is counted out.
 *
 * *Locking:* the `lock` of the first representative guards holder, state, queue; `closed` is set under it and under the
 * lock of the root, which keeps new representatives from being made.
 */
import { type Code, csrRead, fence, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { acquire, release } from '../locks/mcs.ts';
import { Root, ROOT } from '../objects/root.ts';
import { wait } from '../threads/block.ts';
import { THREAD, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWake } from '../threads/wake.ts';
import { freePlace, hold, holds, placeOf, unhold } from './held.ts';
import { LOCK_STATE, RWLOCK } from './layout.ts';
import { isHeld, lockedGift, lockedLose, lockedRefusal } from './mutex.ts';
import { lockedEnqueue, lockedHasQueue } from './waiting.ts';

// DOC: lock-read
/** Takes a lock to read, by this hart's representative; gives 0 or EOWNERDEAD if the thread has it, or an error. */
export function* lockRead(thread: number, rep: number, timeout: number): Code<number> {
  const place = yield* freePlace(thread);
  if (place === 0) return ERROR.EAGAIN;
  yield fetchAndAdd(rep + RWLOCK.readers, 1);
  if ((yield load(rep + RWLOCK.closed)) === 0) {
    yield store(place, rep);
    return 0;
  }
  yield fetchAndAdd(rep + RWLOCK.readers, -1);
  const home = yield load(rep + RWLOCK.home);
  const result = yield* askToRead(thread, home, timeout);
  if (isHeld(result)) yield store(place, home);
  return result;
}

/** Takes a lock at home, in the order of asking. */
function* askToRead(thread: number, home: number, timeout: number): Code<number> {
  yield* acquire(home + RWLOCK.lock);
  // The count that was there for a moment may have kept a writer out.
  yield* lockedAdmit(home);
  const refusal = yield* lockedRefusal(thread, home);
  const isFree = (yield load(home + RWLOCK.holder)) === 0 && !(yield* lockedHasQueue(home));
  if (refusal !== 0 || isFree || timeout < 0) {
    if (refusal === 0 && isFree) yield fetchAndAdd(home + RWLOCK.readers, 1);
    const gift = yield* lockedGift(home);
    yield* release(home + RWLOCK.lock);
    return refusal !== 0 ? refusal : isFree ? gift : ERROR.ETIMEDOUT;
  }
  return yield* lockedAwait(thread, home, WAIT.rwlockRead, timeout);
}

// DOC: lock-write
/** Takes a lock for the thread alone; gives 0 or EOWNERDEAD if the thread has it, or an error. */
export function* lockWrite(thread: number, rep: number, timeout: number): Code<number> {
  const home = yield load(rep + RWLOCK.home);
  if ((yield* placeOf(thread, home)) !== 0) return ERROR.EDEADLK;
  yield* acquire(home + RWLOCK.lock);
  let result = yield* lockedRefusal(thread, home);
  let isFree = (yield load(home + RWLOCK.holder)) === 0 && !(yield* lockedHasQueue(home));
  if (result === 0 && isFree) {
    yield* lockedSetClosed(home, 1);
    isFree = (yield* readersOf(home)) === 0;
  }
  if (result === 0 && !isFree && timeout >= 0)
    result = yield* lockedAwait(thread, home, WAIT.rwlockWrite, timeout);
  else {
    if (result === 0 && isFree) {
      yield store(home + RWLOCK.holder, thread);
      result = yield* lockedGift(home);
    } else if (result === 0) {
      result = ERROR.ETIMEDOUT;
      yield* lockedAdmit(home);
    }
    yield* release(home + RWLOCK.lock);
  }
  if (isHeld(result)) yield* hold(thread, home);
  return result;
}

/** Waits in the queue; the caller holds the lock at home, which is released. */
function* lockedAwait(thread: number, home: number, reason: number, timeout: number): Code<number> {
  yield* lockedEnqueue(thread, home, reason, timeout);
  yield* lockedSetClosed(home, 1);
  // A reader that left before it could see that somebody waits has looked for nobody.
  yield* lockedAdmit(home);
  yield* release(home + RWLOCK.lock);
  const result = yield* wait(thread, home + RWLOCK.lock);
  if (isHeld(result)) return result;
  // Those who stood behind this thread may not have to wait any more.
  yield* acquire(home + RWLOCK.lock);
  yield* lockedAdmit(home);
  yield* release(home + RWLOCK.lock);
  return result;
}

// DOC: unlock-rwlock
/** Gives a lock up, by any of its representatives; gives 0, or EPERM if the thread does not hold it. */
export function* unlockRwlock(thread: number, rep: number): Code<number> {
  const home = yield load(rep + RWLOCK.home);
  if (yield* holds(thread, home)) {
    yield* acquire(home + RWLOCK.lock);
    yield* unhold(thread, home);
    yield store(home + RWLOCK.holder, 0);
    if ((yield load(home + RWLOCK.state)) === LOCK_STATE.orphaned) yield* lockedLose(home);
    yield* lockedAdmit(home);
    yield* release(home + RWLOCK.lock);
    return 0;
  }
  const place = yield* placeOf(thread, home);
  if (place === 0) return ERROR.EPERM;
  yield* leaveRead(place);
  return 0;
}

/** A thread gives up what it holds to read in a place. */
export function* leaveRead(place: number): Code {
  const rep = yield load(place);
  yield store(place, 0);
  yield fetchAndAdd(rep + RWLOCK.readers, -1);
  if ((yield load(rep + RWLOCK.closed)) === 0) return;
  const home = yield load(rep + RWLOCK.home);
  yield* acquire(home + RWLOCK.lock);
  yield* lockedAdmit(home);
  yield* release(home + RWLOCK.lock);
}

/** The thread that writes ends. */
export function* abandonWrite(home: number): Code {
  yield* acquire(home + RWLOCK.lock);
  yield store(home + RWLOCK.state, LOCK_STATE.orphaned);
  yield store(home + RWLOCK.holder, 0);
  yield* lockedAdmit(home);
  yield* release(home + RWLOCK.lock);
}

// DOC: admit
/** Lets in whoever can be let in, in the order of the queue, and opens the lock to readers if nothing speaks against it. */
export function* lockedAdmit(home: number): Code {
  if ((yield load(home + RWLOCK.closed)) === 0 || (yield load(home + RWLOCK.dead)) !== 0) return;
  const queue = new WaitQueue(home + RWLOCK.queue);
  let thread = yield* queue.lockedFirst();
  while (thread !== 0 && (yield load(home + RWLOCK.holder)) === 0) {
    const next = yield load(thread + THREAD.waitNext);
    const writes = (yield load(thread + THREAD.waitReason)) === WAIT.rwlockWrite;
    if (writes && (yield* readersOf(home)) !== 0) break;
    // It is counted before it can run, and counted out if somebody else has woken it.
    if (!writes) yield fetchAndAdd(home + RWLOCK.readers, 1);
    const woken = yield* lockedWake(queue, thread, yield* lockedGift(home));
    if (writes && woken !== 0) yield store(home + RWLOCK.holder, thread);
    else if (!writes && woken === 0) yield fetchAndAdd(home + RWLOCK.readers, -1);
    thread = next;
  }
  const idle = (yield load(home + RWLOCK.holder)) === 0 && !(yield* lockedHasQueue(home));
  if (idle && (yield load(home + RWLOCK.state)) === LOCK_STATE.good) yield* lockedSetClosed(home, 0);
}

function* rootOf(home: number): Code<Root> {
  return new Root(yield load(home + RWLOCK.root));
}

/** Sets `closed` on all representatives. What the caller reads afterwards is read after that. */
export function* lockedSetClosed(home: number, closed: number): Code {
  if ((yield load(home + RWLOCK.closed)) === closed) return;
  const local = yield csrRead('slocal');
  const root = yield* rootOf(home);
  yield* acquire(root.address + ROOT.lock);
  for (let at = yield* root.nextCluster(local, 0); at >= 0; at = yield* root.nextCluster(local, at + 1))
    yield store((yield* root.repAt(local, at)) + RWLOCK.closed, closed);
  yield* release(root.address + ROOT.lock);
  yield fence();
}

/** How many threads read, those included that have counted themselves in for a moment. */
export function* readersOf(home: number): Code<number> {
  const local = yield csrRead('slocal');
  const root = yield* rootOf(home);
  let sum = 0;
  for (let at = yield* root.nextCluster(local, 0); at >= 0; at = yield* root.nextCluster(local, at + 1))
    sum += yield load((yield* root.repAt(local, at)) + RWLOCK.readers);
  return sum;
}
