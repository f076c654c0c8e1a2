/**
 * Workers: threads of a server that wait on a hart for protected procedure calls. A worker belongs to the hart on which
 * it accepts; while it carries a call out it stays there.
 *
 * *Locking:* see pool.ts.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { lockedPrepareWait, wait } from '../../threads/block.ts';
import { THREAD, WAIT } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { enqueue } from '../../threads/wake.ts';
import { copyMessage, deliver, holdMessage, letGo, placeOf } from '../message.ts';
import { PORT } from '../port.ts';
import { lockedTakeQueued, type Room } from '../receive.ts';
import { failCall } from '../reply.ts';
import { resign } from './close.ts';
import { countOff, failMail, MAIL, takeKept, takeMail } from './mail.ts';
import { ownPool } from './pool.ts';

// DOC: ppc-accept
/** Waits for a call; gives its procedure, or an error. `next`: a claimed thread of this hart that is to run, or 0. */
export function* acceptCall(thread: number, pool: number, room: Room, next: number): Code<number> {
  yield store(thread + THREAD.roomAddress, room.address);
  yield store(thread + THREAD.roomCapacity, room.capacity);
  const refused = yield* enlist(thread, pool);
  const found = refused === 0 && (yield* takeWaiting(thread, pool, room.capacity));
  if (next !== 0 && (refused !== 0 || found)) yield* enqueue(next);
  if (refused !== 0) return refused;
  const result = found ? yield* fetchRequest(thread, room) : yield* idle(thread, pool, next);
  if (result !== 0) return result;
  const buffer = yield load(thread + THREAD.servingBuffer);
  yield store(thread + THREAD.servingBuffer, 0);
  const failure = yield* deliver(thread, room.address, buffer, yield load(thread + THREAD.servingRequest));
  if (failure === 0) return yield load(thread + THREAD.servingProcedure);
  yield* failServed(thread, ERROR.ECALLFAILED);
  return failure;
}

/**
 * Makes the thread a worker of this hart, if it is not; gives 0, ENOMEM, ECALLFAILED; or EAGAIN if it has been directed
 * to another hart, where it goes on its way back to user mode.
 */
function* enlist(thread: number, pool: number): Code<number> {
  if ((yield load(thread + THREAD.goTo)) !== 0) return ERROR.EAGAIN;
  const owned = yield* ownPool(pool);
  if (owned !== 0) return owned;
  if ((yield load(pool + PORT.dead)) !== 0) return ERROR.ECALLFAILED;
  const serial = yield load(pool + PORT.serial);
  const isOne =
    (yield load(thread + THREAD.workerPort)) !== 0 && (yield load(thread + THREAD.workerSerial)) === serial;
  if (isOne) return 0;
  yield* resign(thread);
  yield store(thread + THREAD.workerPort, yield load(pool + PORT.ref));
  yield store(thread + THREAD.workerSerial, serial);
  yield store(pool + PORT.workers, (yield load(pool + PORT.workers)) + 1);
  return 0;
}

/** Takes a call that waits: from another hart, or from this one. Gives whether there is one. */
function* takeWaiting(thread: number, pool: number, capacity: number): Code<boolean> {
  for (let mail = yield* takeKept(pool); mail !== 0; mail = yield* takeKept(pool)) {
    if ((yield load(mail + MAIL.request)) <= capacity) {
      yield* takeMail(thread, pool, mail);
      return true;
    }
    yield* countOff(pool, mail);
    yield* failMail(mail, ERROR.EMSGSIZE);
  }
  return yield* lockedTakeQueued(thread, pool, capacity);
}

/** Waits in the pool. Whoever calls brings the request along. */
function* idle(thread: number, pool: number, next: number): Code<number> {
  yield* lockedPrepareWait(thread, pool + PORT.servers, WAIT.protectedCall, 0);
  const result = yield* wait(thread, 0, next);
  const queue = yield load(thread + THREAD.waitQueue);
  if (queue !== 0) yield* new WaitQueue(queue).lockedRemove(thread);
  return result;
}

/** Brings the request of a caller that has waited, if it lies in the caller's memory; gives 0 or an error. */
function* fetchRequest(thread: number, room: Room): Code<number> {
  const bytes = yield load(thread + THREAD.servingRequest);
  const isHere = bytes === 0 || (yield load(thread + THREAD.servingBuffer)) !== 0;
  if (isHere || (yield load(thread + THREAD.serving)) === 0) return 0;
  const message = yield* holdMessage(thread, room.address, bytes, 'store');
  const client = yield load(thread + THREAD.serving);
  const from = client === 0 ? 0 : yield* placeOf(client, yield load(client + THREAD.callAddress), 'load');
  if (message.kind !== 'refused') {
    if (from !== 0) yield* copyMessage('D', message.physical, from, bytes);
    yield* letGo(message);
    if (from !== 0) return 0;
  }
  yield* failServed(thread, from === 0 ? ERROR.EFAULT : ERROR.ECALLFAILED);
  return message.kind === 'refused' ? message.error : ERROR.EAGAIN;
}

/** Ends the call that a worker carries out with an error. */
export function* failServed(thread: number, error: number): Code {
  const mail = yield load(thread + THREAD.servingMail);
  yield store(thread + THREAD.servingMail, 0);
  if (mail !== 0) yield* failMail(mail, error);
  else yield* failCall(thread, error);
}
