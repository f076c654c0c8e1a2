/**
 * Waiting at a synchronization object.
 *
 * A time-out is in cycles from now; 0: for ever. One that is below 0 lies in the past: the call is carried out if that
 * takes no waiting, and gives ETIMEDOUT if it would.
 *
 * Whoever waits is in the object's queue, and an object with a queue is not destroyed. So the object is there when a
 * thread comes back to take itself out of the queue, and stays as long as it is in the kernel then, since it counts
 * itself in before that (threads/block.ts).
 */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { LIMIT } from '../abi/flags.ts';
import { lockedPrepareWait } from '../threads/block.ts';
import { THREAD } from '../threads/thread.ts';
import { armTimeout } from '../threads/timers.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWake } from '../threads/wake.ts';
import { SYNC } from './layout.ts';

/** Whether a word can be a time-out. */
export const isTimeout = (cycles: number): boolean => cycles <= LIMIT.CYCLES;

/** Enters the queue of a representative; the caller holds its lock, and calls `wait` when it has released it. */
export function* lockedEnqueue(thread: number, rep: number, reason: number, timeout: number): Code {
  yield* lockedPrepareWait(thread, rep + SYNC.queue, reason, yield load(rep + SYNC.handle));
  if (timeout > 0) yield* armTimeout(yield csrRead('slocal'), thread, timeout);
}

/** Whether anybody is in the queue of a representative, those included that a time-out or a kill has woken. */
export function* lockedHasQueue(rep: number): Code<boolean> {
  return (yield load(rep + SYNC.queue)) !== 0;
}

// DOC: wake-first
/** Wakes the first in the queue that nobody else has woken; gives the thread, or 0. */
export function* lockedWakeFirst(rep: number, result: number): Code<number> {
  const queue = new WaitQueue(rep + SYNC.queue);
  let thread = yield* queue.lockedFirst();
  while (thread !== 0) {
    const next = yield load(thread + THREAD.waitNext);
    if ((yield* lockedWake(queue, thread, result)) !== 0) return thread;
    thread = next;
  }
  return 0;
}
