/**
 * Calling through a port: the client's side of message passing.
 *
 * The request is copied to a kernel buffer (in the restricted form it stays where it is, if it is in memory). Under the
 * port's lock the thread either finds a server that waits, which it claims, or it stands in the queue. It waits for the
 * reply; a server on the same hart gets the hart at once, without the dispatcher.
 *
 * A time-out or a kill may end the wait. Then the thread takes itself out of the port's queues, and its server,
 * if it has one, is told that there is nobody to reply to any more. So a call returns once, or fails once.
 *
 * *Locking:* see port.ts. Buffers belong to whoever's word they stand in.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PORT_KIND } from '../abi/flags.ts';
import { acquire, release } from '../locks/mcs.ts';
import { free } from '../memory/heap.ts';
import { deref } from '../objects/translation-table.ts';
import { PROCESS_REP } from '../processes/process.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { THREAD, WAIT } from '../threads/thread.ts';
import { armTimeout } from '../threads/timers.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { claim, enqueue } from '../threads/wake.ts';
import { buffered, deliver, holdMessage, letGo, placeOf } from './message.ts';
import { PORT } from './port.ts';
import { isGlobal, lockOf } from './transfer-lock.ts';

/** What is asked for. Offsets and sizes have been checked. */
export interface Call {
  readonly procedure: number;
  readonly address: number;
  /** Bytes of the request, from the address on. */
  readonly request: number;
  /** Where the reply is to go, and how many bytes there is room for. */
  readonly replyAt: number;
  readonly reply: number;
  /** Cycles; 0 for ever. */
  readonly timeout: number;
}

// DOC: port-call
/** Makes a call; gives what the server says, or an error. */
export function* callPort(thread: number, port: number, call: Call): Code<number> {
  yield* describeCall(thread, call);
  const sent = yield* send(thread, port, call);
  if (sent.error !== 0) return sent.error;
  const result = yield* wait(thread, sent.lock, sent.next);
  yield* forgetServer(thread, sent.lock);
  const buffer = yield load(thread + THREAD.callBuffer);
  yield store(thread + THREAD.callBuffer, 0);
  if (result !== 0) {
    if (buffer !== 0) yield* free(buffer);
    return result;
  }
  const failure = yield* deliver(thread, call.replyAt, buffer, yield load(thread + THREAD.callReply));
  return failure !== 0 ? failure : yield load(thread + THREAD.callStatus);
}

/** Notes in the thread what it asks for. */
export function* describeCall(thread: number, call: Call): Code {
  yield store(thread + THREAD.callProcedure, call.procedure);
  yield store(thread + THREAD.callAddress, call.address);
  yield store(thread + THREAD.callRequest, call.request);
  yield store(thread + THREAD.callReplyAt, call.replyAt);
  yield store(thread + THREAD.callReply, call.reply);
}

/** A call that is on its way. */
interface Sent {
  readonly error: number;
  readonly lock: number;
  /** The server, claimed, if it is on this hart. */
  readonly next: number;
}

const notSent = (error: number): Sent => ({ error, lock: 0, next: 0 });

function* send(thread: number, port: number, call: Call): Code<Sent> {
  const local = yield csrRead('slocal');
  const message = yield* holdMessage(thread, call.address, call.request, 'load');
  if (message.kind === 'refused') return notSent(message.error);
  const lock = yield* lockOf(local, port);
  const early = yield* isGlobal(local);
  if (early) yield* acquire(lock);
  const stays = yield* isDirect(thread, port, call);
  const buffer = stays ? 0 : yield* buffered(message, call.request);
  if (!early) yield* acquire(lock);
  const dead = (yield load(port + PORT.dead)) !== 0;
  const error = buffer < 0 ? buffer : dead ? ERROR.ECALLFAILED : 0;
  const server = error === 0 ? yield* lockedHand(thread, port, buffer, call) : 0;
  yield* release(lock);
  yield* letGo(message);
  if (error !== 0) {
    if (buffer > 0) yield* free(buffer);
    return notSent(error);
  }
  const near = server !== 0 && (yield load(server + THREAD.local)) === local;
  if (server !== 0 && !near) yield* enqueue(server);
  return { error: 0, lock, next: near ? server : 0 };
}

/** Whether the request can be copied from where it lies (D). */
function* isDirect(thread: number, port: number, call: Call): Code<boolean> {
  if ((yield load(port + PORT.kind)) !== PORT_KIND.RESTRICTED) return false;
  return (yield* placeOf(thread, call.address, 'load')) !== 0;
}

/** Gives the call to a server that waits, which is claimed and returned; or queues it, and returns 0. */
function* lockedHand(thread: number, port: number, buffer: number, call: Call): Code<number> {
  const server = yield* lockedClaim(new WaitQueue(port + PORT.servers));
  yield store(thread + THREAD.callServer, server);
  yield store(thread + THREAD.callBuffer, server === 0 ? buffer : 0);
  if (server !== 0) {
    yield* lockedTake(server, port, thread, buffer);
    yield store(server + THREAD.wakeResult, 0);
  }
  const queue = port + (server === 0 ? PORT.calls : PORT.served);
  yield* lockedPrepareWait(thread, queue, WAIT.reply, call.procedure);
  if (call.timeout > 0) yield* armTimeout(yield csrRead('slocal'), thread, call.timeout);
  return server;
}

/** Claims the first thread of a queue that nobody else has woken, and takes it out; 0 if there is none. */
export function* lockedClaim(queue: WaitQueue): Code<number> {
  let thread = yield* queue.lockedFirst();
  while (thread !== 0) {
    const next = yield load(thread + THREAD.waitNext);
    if (yield* claim(thread)) {
      yield* queue.lockedRemove(thread);
      return thread;
    }
    thread = next;
  }
  return 0;
}

/** Makes a server thread the one that carries a client's call out. */
export function* lockedTake(server: number, port: number, client: number, buffer: number): Code {
  yield store(server + THREAD.serving, client);
  yield store(server + THREAD.servingPort, port);
  yield store(server + THREAD.servingProcedure, yield load(client + THREAD.callProcedure));
  yield store(server + THREAD.servingRequest, yield load(client + THREAD.callRequest));
  yield store(server + THREAD.servingBuffer, buffer);
  yield store(server + THREAD.servingFor, yield* domainOf(client));
}

/** Number of the process that a thread executes in. */
export function* domainOf(thread: number): Code<number> {
  return yield load((yield* deref(yield load(thread + THREAD.process))) + PROCESS_REP.number);
}

/** After the wait: no server holds this thread any more. While it has a server, the port cannot have gone. */
function* forgetServer(thread: number, lock: number): Code {
  if ((yield load(thread + THREAD.callServer)) === 0) return;
  yield* acquire(lock);
  const server = yield load(thread + THREAD.callServer);
  if (server !== 0) yield store(server + THREAD.serving, 0);
  yield store(thread + THREAD.callServer, 0);
  yield* release(lock);
}
