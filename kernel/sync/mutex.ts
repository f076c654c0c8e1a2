/**
 * The mutex: a thread's, or nobody's. Who gives it up hands it to the one who has waited longest, so that it is first
 * come, first served, and nobody who comes in between can take it away again.
 *
 * Robust: when the holder ends, the next one gets it with EOWNERDEAD, and says with lockConsistent that it has put in
 * order what the mutex guards. If it gives it up without that, nobody gets it any more: ENOTRECOVERABLE.
 *
 * *Locking:* `lock` guards holder, state, queue. A wake-up cannot be lost: who waits enters the queue under it, and who
 * gives up looks into the queue under it; which of waker, clock and kill ends a wait, the thread's state decides.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { acquire, release } from '../locks/mcs.ts';
import { wait } from '../threads/block.ts';
import { WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { hold, holds, unhold } from './held.ts';
import { LOCK_STATE, MUTEX } from './layout.ts';
import { lockedEnqueue, lockedWakeFirst } from './waiting.ts';

/** Whether a result of locking means that the thread holds the lock. */
export const isHeld = (result: number): boolean => result === 0 || result === ERROR.EOWNERDEAD;

/** What a thread gets a lock of this state with. */
export function* lockedGift(lock: number): Code<number> {
  return (yield load(lock + MUTEX.state)) === LOCK_STATE.orphaned ? ERROR.EOWNERDEAD : 0;
}

/** Why a lock cannot be had or waited for; 0 if it can. */
export function* lockedRefusal(thread: number, lock: number): Code<number> {
  if ((yield load(lock + MUTEX.dead)) !== 0) return ERROR.EBADF;
  if ((yield load(lock + MUTEX.state)) === LOCK_STATE.lost) return ERROR.ENOTRECOVERABLE;
  return (yield load(lock + MUTEX.holder)) === thread ? ERROR.EDEADLK : 0;
}

// DOC: lock-mutex
/** Takes a mutex; gives 0 or EOWNERDEAD if the thread has it, or another error. */
export function* lockMutex(thread: number, mutex: number, timeout: number): Code<number> {
  yield* acquire(mutex + MUTEX.lock);
  let result = yield* lockedRefusal(thread, mutex);
  const taken = result === 0 && (yield load(mutex + MUTEX.holder)) !== 0;
  if (taken && timeout >= 0) yield* lockedEnqueue(thread, mutex, WAIT.mutex, timeout);
  else if (taken) result = ERROR.ETIMEDOUT;
  else if (result === 0) {
    yield store(mutex + MUTEX.holder, thread);
    result = yield* lockedGift(mutex);
  }
  yield* release(mutex + MUTEX.lock);
  if (taken && timeout >= 0) result = yield* wait(thread, mutex + MUTEX.lock);
  if (isHeld(result)) yield* hold(thread, mutex);
  return result;
}

// DOC: unlock-mutex
/** Gives a mutex up; gives 0, or EPERM if the thread does not hold it. */
export function* unlockMutex(thread: number, mutex: number): Code<number> {
  yield* acquire(mutex + MUTEX.lock);
  const mine = (yield load(mutex + MUTEX.holder)) === thread;
  if (mine) {
    yield* unhold(thread, mutex);
    yield store(mutex + MUTEX.holder, 0);
    if ((yield load(mutex + MUTEX.state)) === LOCK_STATE.orphaned) yield* lockedLose(mutex);
    else yield* lockedPassOn(mutex);
  }
  yield* release(mutex + MUTEX.lock);
  return mine ? 0 : ERROR.EPERM;
}

/** Gives the mutex to the next who waits, if anybody does. */
function* lockedPassOn(mutex: number): Code {
  yield store(mutex + MUTEX.holder, yield* lockedWakeFirst(mutex, yield* lockedGift(mutex)));
}

/** From now on nobody gets the lock. */
export function* lockedLose(lock: number): Code {
  yield store(lock + MUTEX.state, LOCK_STATE.lost);
  yield* lockedWakeAll(new WaitQueue(lock + MUTEX.queue), ERROR.ENOTRECOVERABLE);
}

// DOC: abandon-mutex
/** The holder ends. */
export function* abandonMutex(mutex: number): Code {
  yield* acquire(mutex + MUTEX.lock);
  yield store(mutex + MUTEX.state, LOCK_STATE.orphaned);
  yield* lockedPassOn(mutex);
  yield* release(mutex + MUTEX.lock);
}

/** The holder says that what the lock guards is in order; gives 0, EPERM, or EINVAL if it always was. */
export function* markConsistent(thread: number, lock: number): Code<number> {
  if (!(yield* holds(thread, lock))) return ERROR.EPERM;
  // While the thread holds it, nobody else writes the state.
  if ((yield load(lock + MUTEX.state)) !== LOCK_STATE.orphaned) return ERROR.EINVAL;
  yield store(lock + MUTEX.state, LOCK_STATE.good);
  return 0;
}
