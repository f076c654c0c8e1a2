/**
 * Replying, in message passing. The call that a thread carries out is its right to reply, once: a one-shot reply port.
 *
 * The reply goes to a kernel buffer, from which the client copies it (B C); in the restricted form to where the client
 * wants it, if that is in memory (B alone).
 *
 * *Locking:* see port.ts. As long as a thread serves somebody, the port has not gone: who closes it ends its calls first.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PORT_KIND } from '../abi/flags.ts';
import { acquire, release } from '../locks/mcs.ts';
import { free } from '../memory/heap.ts';
import { THREAD } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { claim, enqueue } from '../threads/wake.ts';
import { buffered, copyMessage, holdMessage, letGo, placeOf } from './message.ts';
import { PORT } from './port.ts';
import { isGlobal, lockOf } from './transfer-lock.ts';

/** What a server says. */
export interface Reply {
  readonly address: number;
  readonly bytes: number;
  readonly status: number;
}

/** What came of a reply: an error for the server, or the client, which is claimed and has yet to run (0: it is gone). */
export interface Replied {
  readonly error: number;
  readonly client: number;
}

interface Place {
  readonly physical: number;
}

// DOC: port-reply
/** Replies to the call that the thread carries out. ESRCH: there is none, or nobody waits for it any more. */
export function* reply(thread: number, said: Reply): Code<Replied> {
  if (!(yield* servesMessages(thread))) return { error: ERROR.ESRCH, client: 0 };
  const message = yield* holdMessage(thread, said.address, said.bytes, 'load');
  if (message.kind === 'refused') return { error: message.error, client: 0 };
  const result = yield* answer(thread, said, message);
  yield* letGo(message);
  return result;
}

/** Whether a thread carries out a call that came as a message. */
function* servesMessages(thread: number): Code<boolean> {
  if ((yield load(thread + THREAD.serving)) === 0) return false;
  return (yield load((yield load(thread + THREAD.servingPort)) + PORT.kind)) !== PORT_KIND.PPC;
}

/** Whether a thread carries out a call, however it came. */
export function* isServing(thread: number): Code<boolean> {
  return (yield load(thread + THREAD.serving)) !== 0 || (yield load(thread + THREAD.servingMail)) !== 0;
}

function* answer(thread: number, said: Reply, message: Place): Code<Replied> {
  const port = yield load(thread + THREAD.servingPort);
  const local = yield csrRead('slocal');
  const lock = yield* lockOf(local, port);
  const restricted = (yield load(port + PORT.kind)) === PORT_KIND.RESTRICTED;
  const early = restricted || (yield* isGlobal(local));
  if (early) yield* acquire(lock);
  const copy = restricted ? 0 : yield* buffered(message, said.bytes);
  if (!early) yield* acquire(lock);
  const client = copy < 0 ? 0 : yield* lockedDetach(thread, port);
  if (client !== 0) yield* lockedAnswer(client, said, message, restricted ? undefined : copy);
  yield* release(lock);
  if (client === 0 && copy > 0) yield* free(copy);
  return { error: copy < 0 ? copy : client === 0 ? ERROR.ESRCH : 0, client };
}

/** Parts a server from its client, which is claimed and returned; 0 if it is gone. */
export function* lockedDetach(thread: number, port: number): Code<number> {
  const client = yield load(thread + THREAD.serving);
  if (client === 0) return 0;
  yield store(thread + THREAD.serving, 0);
  yield store(client + THREAD.callServer, 0);
  if (!(yield* claim(client))) return 0;
  yield* new WaitQueue(port + PORT.served).lockedRemove(client);
  return client;
}

/** Leaves the reply with the client. `copy`: a kernel buffer with it, or undefined if there is to be none. */
function* lockedAnswer(client: number, said: Reply, message: Place, copy: number | undefined): Code {
  const fits = said.bytes <= (yield load(client + THREAD.callReply));
  const left = fits ? (copy ?? (yield* leave(client, message, said.bytes))) : 0;
  if (!fits && copy !== undefined && copy !== 0) yield* free(copy);
  yield store(client + THREAD.callBuffer, Math.max(left, 0));
  yield store(client + THREAD.callReply, said.bytes);
  yield store(client + THREAD.callStatus, said.status);
  yield store(client + THREAD.wakeResult, fits ? Math.min(left, 0) : ERROR.EMSGSIZE);
}

/** Copies a reply to the client's memory; gives 0, a buffer if that is not at hand, or ENOMEM. */
function* leave(client: number, message: Place, bytes: number): Code<number> {
  if (bytes === 0) return 0;
  const to = yield* placeOf(client, yield load(client + THREAD.callReplyAt), 'store');
  if (to === 0) return yield* buffered(message, bytes);
  yield* copyMessage('B', to, message.physical, bytes);
  return 0;
}

/** Ends the call that a thread carries out with an error. */
export function* failCall(thread: number, error: number): Code {
  if ((yield load(thread + THREAD.serving)) === 0) return;
  const port = yield load(thread + THREAD.servingPort);
  const lock = yield* lockOf(yield csrRead('slocal'), port);
  yield* acquire(lock);
  const client = yield* lockedDetach(thread, port);
  if (client !== 0) yield store(client + THREAD.wakeResult, error);
  yield* release(lock);
  if (client !== 0) yield* enqueue(client);
}
