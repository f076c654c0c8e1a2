/**
 * Protected procedure calls on one hart (Gamsa, Krieger & Stumm, ICPP 1994): the caller's hart is lent to a worker of the
 * server, which goes on in its own address space at once. The scheduler hears nothing of it, nothing that is shared is
 * written, and no lock is taken: right, pool and worker are this hart's.
 *
 * The request is copied from domain to domain (D) by way of the page tables (vm/walk.ts); only where a page is not at
 * hand does it go through a kernel buffer.
 *
 * *Locking:* see pool.ts.
 */
import { type Code, csrRead, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { free } from '../../memory/heap.ts';
import { lockedPrepareWait, wait } from '../../threads/block.ts';
import { THREAD, WAIT } from '../../threads/thread.ts';
import { armTimeout } from '../../threads/timers.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { enqueue } from '../../threads/wake.ts';
import { type Call, describeCall, lockedTake } from '../call.ts';
import { buffered, copyMessage, deliver, holdMessage, letGo, placeOf } from '../message.ts';
import { PORT } from '../port.ts';
import { claimWorker } from './pool.ts';

// DOC: ppc-call
/** Calls a worker of this hart; gives what it says, or an error. */
export function* callWorker(thread: number, pool: number, call: Call): Code<number> {
  yield* describeCall(thread, call);
  const copy = yield* copyIfAway(thread, call);
  if (copy < 0) return copy;
  const worker = yield* claimWorker(pool, call.request);
  const next = worker > 0 ? yield* hand(thread, worker, pool, call, copy) : worker;
  if (next < 0) {
    if (copy !== 0 && worker <= 0) yield* free(copy);
    return next;
  }
  if (next === 0) yield store(thread + THREAD.callBuffer, copy);
  yield* lockedPrepareWait(
    thread,
    pool + (next === 0 ? PORT.calls : PORT.served),
    WAIT.protectedReply,
    call.procedure,
  );
  if (call.timeout > 0) yield* armTimeout(yield csrRead('slocal'), thread, call.timeout);
  const result = yield* wait(thread, 0, next);
  return yield* finish(thread, result, call);
}

/** A kernel copy of a request that is not at hand: 0 if it is, or an error. This may block, so it comes first. */
export function* copyIfAway(thread: number, { address, request }: Call): Code<number> {
  if (request === 0 || (yield* placeOf(thread, address, 'load')) !== 0) return 0;
  const message = yield* holdMessage(thread, address, request, 'load');
  if (message.kind === 'refused') return message.error;
  const copy = yield* buffered(message, request);
  yield* letGo(message);
  return copy;
}

/** Gives the call to a claimed worker, which is returned; or ENOMEM, and the worker goes back. */
function* hand(thread: number, worker: number, pool: number, call: Call, copy: number): Code<number> {
  const passed = copy === 0 && call.request > 0 ? yield* pass(thread, worker, call) : copy;
  yield store(worker + THREAD.wakeResult, passed < 0 ? ERROR.EAGAIN : 0);
  if (passed < 0) {
    yield* enqueue(worker);
    return passed;
  }
  yield* lockedTake(worker, pool, thread, passed);
  yield store(thread + THREAD.callServer, worker);
  yield store(thread + THREAD.callBuffer, 0);
  return worker;
}

/** Copies the request to where the worker wants it; gives 0, a buffer if that is not at hand, or an error. */
function* pass(thread: number, worker: number, { address, request }: Call): Code<number> {
  const from = yield* placeOf(thread, address, 'load');
  const to = yield* placeOf(worker, yield load(worker + THREAD.roomAddress), 'store');
  if (from === 0) return ERROR.EFAULT;
  if (to !== 0) {
    yield* copyMessage('D', to, from, request);
    return 0;
  }
  return yield* buffered({ physical: from }, request);
}

/** After the wait: takes the thread out of the pool if a kill or the clock was faster than the reply, and brings the reply. */
function* finish(thread: number, result: number, { replyAt }: Call): Code<number> {
  const queue = yield load(thread + THREAD.waitQueue);
  if (queue !== 0) yield* new WaitQueue(queue).lockedRemove(thread);
  const worker = yield load(thread + THREAD.callServer);
  if (worker !== 0) yield store(worker + THREAD.serving, 0);
  yield store(thread + THREAD.callServer, 0);
  const buffer = yield load(thread + THREAD.callBuffer);
  yield store(thread + THREAD.callBuffer, 0);
  if (result !== 0) {
    if (buffer !== 0) yield* free(buffer);
    return result;
  }
  const failure = yield* deliver(thread, replyAt, buffer, yield load(thread + THREAD.callReply));
  return failure !== 0 ? failure : yield load(thread + THREAD.callStatus);
}
