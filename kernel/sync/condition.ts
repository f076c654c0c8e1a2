/**
 * The condition variable: threads that wait until somebody says that something has changed.
 *
 * A thread enters the queue before it gives the mutex up, so that a wake-up by whoever gets the mutex then finds it.
 * It takes the mutex again before it comes back, whatever ended its wait, unless it is being killed.
 *
 * *Locking:* `lock` guards the queue; it is never held together with that of a mutex.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { wait } from '../threads/block.ts';
import { WAIT } from '../threads/thread.ts';
import { holds } from './held.ts';
import { CONDITION, MUTEX } from './layout.ts';
import { lockMutex, unlockMutex } from './mutex.ts';
import { findSync } from './owned-sync.ts';
import { lockedEnqueue, lockedWakeFirst } from './waiting.ts';

// DOC: condition-wait
/** Gives the mutex up, waits, and takes the mutex again; gives 0, ETIMEDOUT, or the error of one of these. */
export function* waitCondition(
  thread: number,
  condition: number,
  mutex: number,
  timeout: number,
): Code<number> {
  if (!(yield* holds(thread, mutex))) return ERROR.EPERM;
  const handle = yield load(mutex + MUTEX.handle);
  yield* acquire(condition + CONDITION.lock);
  let result = (yield load(condition + CONDITION.dead)) !== 0 ? ERROR.EBADF : 0;
  if (result === 0 && timeout < 0) result = ERROR.ETIMEDOUT;
  if (result === 0) yield* lockedEnqueue(thread, condition, WAIT.condition, timeout);
  yield* release(condition + CONDITION.lock);
  if (result !== 0) return result;
  yield* unlockMutex(thread, mutex);
  result = yield* wait(thread, condition + CONDITION.lock);
  if (result === ERROR.EINTR) return result;
  // The thread held no reference while it waited: the mutex may be gone.
  const again = yield* findSync(thread, handle, CLASS.mutex);
  const locked = again === 0 ? ERROR.EBADF : yield* lockMutex(thread, again, 0);
  return locked !== 0 ? locked : result;
}

/** Wakes up to `count` of those who wait; gives how many, or EBADF. */
export function* wakeCondition(condition: number, count: number): Code<number> {
  yield* acquire(condition + CONDITION.lock);
  let woken = (yield load(condition + CONDITION.dead)) !== 0 ? ERROR.EBADF : 0;
  while (woken >= 0 && woken < count && (yield* lockedWakeFirst(condition, 0)) !== 0) woken += 1;
  yield* release(condition + CONDITION.lock);
  return woken;
}
