/**
 * Receiving calls from a port: how a server gets at a request, in message passing.
 *
 * A thread carries out one call at a time. A server that has just replied may say who is to run if there is nothing
 * for it to do: its client, to which the hart goes without the dispatcher.
 *
 * *Locking:* see port.ts.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { acquire, release } from '../locks/mcs.ts';
import { free } from '../memory/heap.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { THREAD, WAIT } from '../threads/thread.ts';
import { armTimeout } from '../threads/timers.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { enqueue, lockedWake } from '../threads/wake.ts';
import { lockedTake } from './call.ts';
import { copyMessage, deliver, holdMessage, letGo, placeOf } from './message.ts';
import { PORT } from './port.ts';
import { failCall } from './reply.ts';
import { lockOf } from './transfer-lock.ts';

/** Where a server wants a request. */
export interface Room {
  readonly address: number;
  readonly capacity: number;
  /** Cycles; 0 for ever. */
  readonly timeout: number;
}

// DOC: port-receive
/** Receives a call; gives its procedure, or an error. `next`: a claimed thread of this hart that is to run, or 0. */
export function* receive(thread: number, port: number, room: Room, next: number): Code<number> {
  const local = yield csrRead('slocal');
  const lock = yield* lockOf(local, port);
  yield* acquire(lock);
  const dead = (yield load(port + PORT.dead)) !== 0;
  const found = !dead && (yield* lockedTakeQueued(thread, port, room.capacity));
  if (!found && !dead) {
    yield* lockedPrepareWait(thread, port + PORT.servers, WAIT.call, 0);
    if (room.timeout > 0) yield* armTimeout(local, thread, room.timeout);
  }
  yield* release(lock);
  if ((found || dead) && next !== 0) yield* enqueue(next);
  if (dead) return ERROR.ECALLFAILED;
  const result = found ? 0 : yield* wait(thread, lock, next);
  return result === 0 ? yield* accept(thread, lock, room) : result;
}

/** Takes the longest waiting call; gives whether there is one. Those that the server has no room for fail. */
export function* lockedTakeQueued(thread: number, port: number, capacity: number): Code<boolean> {
  const calls = new WaitQueue(port + PORT.calls);
  for (let client = yield* calls.lockedFirst(); client !== 0; client = yield* calls.lockedFirst()) {
    if ((yield load(client + THREAD.callRequest)) <= capacity) {
      yield* calls.lockedMove(client, new WaitQueue(port + PORT.served));
      yield* lockedTake(thread, port, client, yield load(client + THREAD.callBuffer));
      yield store(client + THREAD.callBuffer, 0);
      yield store(client + THREAD.callServer, thread);
      return true;
    }
    // Whoever has been woken by a kill or the clock takes itself out, but must not be found here again.
    if ((yield* lockedWake(calls, client, ERROR.EMSGSIZE)) === 0) yield* calls.lockedRemove(client);
  }
  return false;
}

/** Brings the request of the call that this thread now carries out to its memory; gives the procedure. */
function* accept(thread: number, lock: number, room: Room): Code<number> {
  const bytes = yield load(thread + THREAD.servingRequest);
  const buffer = yield load(thread + THREAD.servingBuffer);
  yield store(thread + THREAD.servingBuffer, 0);
  let failure = bytes > room.capacity ? ERROR.EMSGSIZE : 0;
  if (failure !== 0 && buffer !== 0) yield* free(buffer);
  if (failure === 0 && bytes > 0)
    failure =
      buffer === 0
        ? yield* acceptDirectly(thread, lock, room.address, bytes)
        : yield* deliver(thread, room.address, buffer, bytes);
  if (failure === 0) return yield load(thread + THREAD.servingProcedure);
  yield* failCall(thread, failure === ERROR.EMSGSIZE ? failure : ERROR.ECALLFAILED);
  return failure;
}

/** Copies the request from the client's memory (D). */
function* acceptDirectly(thread: number, lock: number, address: number, bytes: number): Code<number> {
  const message = yield* holdMessage(thread, address, bytes, 'store');
  if (message.kind === 'refused') return message.error;
  yield* acquire(lock);
  const client = yield load(thread + THREAD.serving);
  const from = client === 0 ? 0 : yield* placeOf(client, yield load(client + THREAD.callAddress), 'load');
  if (from !== 0) yield* copyMessage('D', message.physical, from, bytes);
  yield* release(lock);
  yield* letGo(message);
  // The client has gone, or has taken its message away: it is told so, and this thread has nothing to do.
  return from === 0 ? ERROR.EAGAIN : 0;
}
