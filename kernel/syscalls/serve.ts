/** What a server's thread does between two calls, the same for ports of messages and of protected procedure calls. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { isMessage } from '../ipc/message.ts';
import { returnCall } from '../ipc/ppc/return.ts';
import { acceptCall } from '../ipc/ppc/worker.ts';
import { receive, type Room } from '../ipc/receive.ts';
import { isServing, reply } from '../ipc/reply.ts';
import { portFor, ROLE } from '../ipc/right.ts';
import { THREAD } from '../threads/thread.ts';
import { enqueue } from '../threads/wake.ts';

/** By what the calls of a port come. */
export interface Mechanism {
  readonly ppc: boolean;
  readonly answer: typeof reply;
  readonly next: typeof receive;
}

export const BY_MESSAGE: Mechanism = Object.freeze({ ppc: false, answer: reply, next: receive });
export const BY_PROTECTED_CALL: Mechanism = Object.freeze({
  ppc: true,
  answer: returnCall,
  next: acceptCall,
});

/** Waits for the next call; gives its procedure, or an error. `client`: claimed, of this hart, is to run; or 0. */
export function* serveNext(
  { ppc, next }: Mechanism,
  thread: number,
  handle: number,
  room: Room,
  client: number,
): Code<number> {
  const port = yield* portFor(thread, handle, ROLE.receive, ppc);
  const busy = yield* isServing(thread);
  if (port > 0 && !busy) return yield* next(thread, port, room, client);
  if (client !== 0) yield* enqueue(client);
  return port < 0 ? port : ERROR.EBUSY;
}

/** Replies, if there is somebody to reply to, and waits for the next call. The words are a program's. */
export function* answerAndServe(
  mechanism: Mechanism,
  thread: number,
  handle: number,
  said: { readonly address: number; readonly bytes: number; readonly status: number },
  room: { readonly address: number; readonly capacity: number },
): Code<number> {
  const good = isMessage(said.address, said.bytes) && isMessage(room.address, room.capacity);
  if (!good || said.status < 0) return ERROR.EINVAL;
  const { error, client } = yield* mechanism.answer(thread, said);
  if (error !== 0 && error !== ERROR.ESRCH) return error;
  // On its way to this hart's memory the thread may have slept; but it has not moved.
  const near = client !== 0 && (yield load(client + THREAD.local)) === (yield csrRead('slocal'));
  if (client !== 0 && !near) yield* enqueue(client);
  return yield* serveNext(mechanism, thread, handle, { ...room, timeout: 0 }, near ? client : 0);
}
