/**
 * Waking a thread. Several may want to (a futex wake, a time-out, a kill): the one whose compare-and-swap
 * moves the state on does it; the others find that they are late.
 *
 * A waker that owns the wait queue takes the thread out of it before the thread can run again; after any
 * other waker (clock, kill) the thread takes itself out (threads/block.ts).
 */
import { type Code, compareAndSwap, csrRead, fence, load, sendInterrupt, store } from '../../hw/isa/index.ts';
import { policyOf } from '../scheduling/policies.ts';
import { STATE, THREAD } from './thread.ts';
import type { WaitQueue } from './wait-queue.ts';

/** Wakes a thread of a queue, whose lock the caller holds, with `result`; gives 0 if another was faster. */
export function* lockedWake(queue: WaitQueue, thread: number, result: number): Code<number> {
  if (!(yield* claim(thread))) return 0;
  yield* queue.lockedRemove(thread);
  yield store(thread + THREAD.wakeResult, result);
  yield* enqueue(thread);
  return 1;
}

/** Wakes everybody in a queue, whose lock the caller holds. */
export function* lockedWakeAll(queue: WaitQueue, result: number): Code {
  let thread = yield* queue.lockedFirst();
  while (thread !== 0) {
    const next = yield load(thread + THREAD.waitNext);
    yield* lockedWake(queue, thread, result);
    thread = next;
  }
}

/** Wakes a thread whose time has come; gives 0 if another was faster. */
export function* wakeByClock(thread: number, result: number): Code<number> {
  if (!(yield* claim(thread))) return 0;
  yield store(thread + THREAD.wakeResult, result);
  yield* enqueue(thread);
  return 1;
}

/** Wakes `thread` with `result` if it is in a wait that may be cut short; gives 1 if it did. */
export function* interrupt(thread: number, result: number): Code<number> {
  if ((yield compareAndSwap(thread + THREAD.state, STATE.waiting, STATE.runnable)) !== STATE.waiting)
    return 0;
  yield store(thread + THREAD.wakeResult, result);
  yield* enqueue(thread);
  return 1;
}

/** Makes a thread runnable that is in no wait (new, or giving way). */
export function* makeRunnable(thread: number): Code {
  yield store(thread + THREAD.state, STATE.runnable);
  yield* enqueue(thread);
}

/**
 * Moves a thread out of its wait, so that nobody else wakes it; gives whether it did. The caller sees to its queue, its
 * result, and that it runs: by `enqueue`, or by handing a hart over (switch.ts).
 */
export function* claim(thread: number): Code<boolean> {
  const state = yield load(thread + THREAD.state);
  if (state !== STATE.waiting && state !== STATE.blocked) return false;
  return (yield compareAndSwap(thread + THREAD.state, state, STATE.runnable)) === state;
}

/** Puts a claimed thread into a run queue, and has a hart look there if need be. */
export function* enqueue(thread: number): Code {
  const local = yield csrRead('slocal');
  const policy = yield* policyOf(local);
  const hart = yield* policy.ready(local, thread);
  if (hart < 0) return;
  yield fence();
  yield sendInterrupt(hart);
}
