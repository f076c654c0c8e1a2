/**
 * The counting semaphore: a number that never falls below 0. A post goes to those who wait, the longest waiting first;
 * what is left over is added.
 *
 * *Locking:* `lock` guards count and queue.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT } from '../abi/flags.ts';
import { acquire, release } from '../locks/mcs.ts';
import { wait } from '../threads/block.ts';
import { WAIT } from '../threads/thread.ts';
import { SEMAPHORE } from './layout.ts';
import { lockedEnqueue, lockedWakeFirst } from './waiting.ts';

// DOC: semaphore-wait
/** Takes one, when there is one; gives 0 or an error. */
export function* waitSemaphore(thread: number, semaphore: number, timeout: number): Code<number> {
  yield* acquire(semaphore + SEMAPHORE.lock);
  let result = (yield load(semaphore + SEMAPHORE.dead)) !== 0 ? ERROR.EBADF : 0;
  const count = yield load(semaphore + SEMAPHORE.count);
  const none = result === 0 && count === 0;
  if (none && timeout >= 0) yield* lockedEnqueue(thread, semaphore, WAIT.semaphore, timeout);
  else if (none) result = ERROR.ETIMEDOUT;
  else if (result === 0) yield store(semaphore + SEMAPHORE.count, count - 1);
  yield* release(semaphore + SEMAPHORE.lock);
  return none && timeout >= 0 ? yield* wait(thread, semaphore + SEMAPHORE.lock) : result;
}

/** Gives so many; gives 0, EINVAL if there would be more than can be counted, or EBADF. */
export function* postSemaphore(semaphore: number, amount: number): Code<number> {
  yield* acquire(semaphore + SEMAPHORE.lock);
  const count = yield load(semaphore + SEMAPHORE.count);
  let result = amount > LIMIT.SEMAPHORE - count ? ERROR.EINVAL : 0;
  if ((yield load(semaphore + SEMAPHORE.dead)) !== 0) result = ERROR.EBADF;
  if (result === 0) {
    let left = amount;
    while (left > 0 && (yield* lockedWakeFirst(semaphore, 0)) !== 0) left -= 1;
    yield store(semaphore + SEMAPHORE.count, count + left);
  }
  yield* release(semaphore + SEMAPHORE.lock);
  return result;
}
