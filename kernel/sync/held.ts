/**
 * What a thread holds: a list of the locks that it alone holds, and a few places for locks that it holds to read, each
 * the representative that counts it. So the end of a thread finds them.
 *
 * *Locking:* none, a thread's list is touched by itself only; who hands a lock over leaves that to the new holder.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT } from '../abi/flags.ts';
import { THREAD } from '../threads/thread.ts';
import { MUTEX, SYNC } from './layout.ts';

/** The thread has a lock for itself. */
export function* hold(thread: number, lock: number): Code {
  yield store(lock + MUTEX.heldNext, yield load(thread + THREAD.held));
  yield store(thread + THREAD.held, lock);
}

/** The thread gives a lock up that it has for itself. */
export function* unhold(thread: number, lock: number): Code {
  let slot = thread + THREAD.held;
  for (let at = yield load(slot); at !== lock; at = yield load(slot)) slot = at + MUTEX.heldNext;
  yield store(slot, yield load(lock + MUTEX.heldNext));
  yield store(lock + MUTEX.heldNext, 0);
}

/** Whether the thread has a lock for itself. Its own list says so at once: the lock, when it was handed over, a little later. */
export function* holds(thread: number, lock: number): Code<boolean> {
  let at = yield load(thread + THREAD.held);
  while (at !== 0 && at !== lock) at = yield load(at + MUTEX.heldNext);
  return at !== 0;
}

/** A place for one more lock to read, or 0. */
export function* freePlace(thread: number): Code<number> {
  for (let index = 0; index < LIMIT.READ_LOCKS; index += 1)
    if ((yield load(thread + THREAD.reads + 4 * index)) === 0) return thread + THREAD.reads + 4 * index;
  return 0;
}

/** The place of a lock that the thread holds to read, by its first representative; 0 if it does not. */
export function* placeOf(thread: number, home: number): Code<number> {
  for (let index = 0; index < LIMIT.READ_LOCKS; index += 1) {
    const place = thread + THREAD.reads + 4 * index;
    const rep = yield load(place);
    if (rep !== 0 && (yield load(rep + SYNC.home)) === home) return place;
  }
  return 0;
}
