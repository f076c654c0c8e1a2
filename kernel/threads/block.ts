/**
 * Blocking: how a thread waits without losing a wake-up.
 *
 * Under the lock of the wait queue the thread enters the queue and marks itself waiting; it releases the lock
 * and switches to its hart's dispatcher. A waker that comes in between puts it into the run queue of the same
 * hart, which is looked at only after the switch: it sees the thread as that hart's current one (scheduling/stays.ts).
 *
 * Under most policies a thread may come back on another hart from a wait that may last for ever. So after `wait` nobody
 * may use what belonged to the hart; after a wait that is sure to end it is the same one.
 *
 * A kill stores `dying` first and looks at `state` then; the thread stores `state` first and looks at `dying`
 * then: one of them sees the other.
 *
 * Before a wait that may last for ever the thread gives its temporary references up (objects/generations.ts).
 */
import { type Code, compareAndSwap, csrRead, fence, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { acquire, release } from '../locks/mcs.ts';
import { enterGeneration, leaveGeneration } from '../objects/generations.ts';
import { PROCESS, recordOf } from '../processes/process.ts';
import { handOver, switchAway } from './switch.ts';
import { STATE, THREAD, WAITS } from './thread.ts';
import { disarmTimeout } from './timers.ts';
import { WaitQueue } from './wait-queue.ts';
import { enqueue } from './wake.ts';

/** Enters a wait queue (0: none, only the clock wakes). The caller holds the queue's lock. */
export function* lockedPrepareWait(thread: number, queue: number, reason: number, object: number): Code {
  yield store(thread + THREAD.waitReason, reason);
  yield store(thread + THREAD.waitObject, object);
  yield store(thread + THREAD.waitSince, yield csrRead('time'));
  yield store(thread + THREAD.wakeResult, 0);
  if (queue !== 0) yield* new WaitQueue(queue).lockedAppend(thread);
  yield store(thread + THREAD.state, WAITS[reason]?.interruptible === true ? STATE.waiting : STATE.blocked);
}

// DOC: block-wait
/**
 * Gives the hart away until the thread is woken, and gives the result that the waker left. `lock` guards the
 * queue that the thread is in (0: none): after a time-out or a kill the thread takes itself out of it. The hart goes
 * to `next`, a thread of this hart that the caller has claimed (threads/wake.ts), or to whom the dispatcher picks (0).
 */
export function* wait(thread: number, lock: number, next = 0): Code<number> {
  let local = yield csrRead('slocal');
  if (!(yield* cutShort(thread))) local = yield* sleepOn(local, thread, next);
  else if (next !== 0) yield* enqueue(next);
  yield* disarmTimeout(local, thread);
  const result = yield load(thread + THREAD.wakeResult);
  // Whoever ends the object takes all threads out of its queues first; so one that is in no queue must not ask for a lock
  // that may be gone. One that is moved from queue to queue is never seen in none (wait-queue.ts).
  if (result !== 0 && lock !== 0 && (yield load(thread + THREAD.waitQueue)) !== 0) {
    yield* acquire(lock);
    const queue = yield load(thread + THREAD.waitQueue);
    if (queue !== 0) yield* new WaitQueue(queue).lockedRemove(thread);
    yield* release(lock);
  }
  yield store(thread + THREAD.waitReason, 0);
  return result;
}

/** Gives the base of the hart that the thread is on afterwards. */
function* sleepOn(local: number, thread: number, next: number): Code<number> {
  const lasting = WAITS[yield load(thread + THREAD.waitReason)]?.interruptible === true;
  if (lasting) yield* leaveGeneration(local, thread + THREAD.generation);
  const there = next !== 0 ? yield* handOver(local, thread, next) : yield* switchAway(local, thread);
  if (lasting) yield* enterGeneration(there, thread + THREAD.generation);
  return there;
}

/** Whether a kill had come before the wait began, and the wait is over for that. */
function* cutShort(thread: number): Code<boolean> {
  const process = yield* recordOf(yield load(thread + THREAD.process));
  // `state` must have reached memory before `dying` is read, on machines with store buffers, too.
  yield fence();
  if ((yield load(process + PROCESS.dying)) === 0) return false;
  const seen = yield compareAndSwap(thread + THREAD.state, STATE.waiting, STATE.running);
  if (seen !== STATE.waiting) return false;
  yield store(thread + THREAD.wakeResult, ERROR.EINTR);
  return true;
}
