/** System calls about ports: portCreate, portBind, portClose, portCall, portReceive, portReply, portReplyReceive. */
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PORT_KIND } from '../abi/flags.ts';
import { type Call, callPort } from '../ipc/call.ts';
import { closePort, closeRight } from '../ipc/close.ts';
import { isMessage } from '../ipc/message.ts';
import { createPort, findPort, PORT, publishPort } from '../ipc/port.ts';
import { countRefused } from '../ipc/refused.ts';
import { reply } from '../ipc/reply.ts';
import { grantRight, portFor, ROLE } from '../ipc/right.ts';
import { recordOf } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { enqueue } from '../threads/wake.ts';
import { answerAndServe, BY_MESSAGE, serveNext } from './serve.ts';
import { isTimeout } from './timeout.ts';

/** portCreate(name0, name1, kind) */
export function* portCreate(thread: number, first: number, second: number, kind: number): Code<number> {
  if (first === 0 || kind < PORT_KIND.MESSAGE || kind > PORT_KIND.PPC) return ERROR.EINVAL;
  const port = yield* createPort(first, second, kind);
  if (port < 0) return port;
  const name = { ref: yield load(port + PORT.ref), serial: yield load(port + PORT.serial) };
  const handle = yield* grantRight(thread, ROLE.receive, name);
  const failure = handle < 0 ? handle : yield* publishPort(port);
  if (failure === 0) return handle;
  if (handle > 0) yield* closeRight(yield* recordOf(yield load(thread + THREAD.process)), handle);
  else yield* closePort(port);
  return failure;
}

/** portBind(name0, name1) */
export function* portBind(thread: number, first: number, second: number): Code<number> {
  const name = yield* findPort(first, second);
  return name.ref === 0 ? ERROR.ESRCH : yield* grantRight(thread, ROLE.call, name);
}

/** portClose(handle) */
export function* portClose(thread: number, handle: number): Code<number> {
  return yield* closeRight(yield* recordOf(yield load(thread + THREAD.process)), handle);
}

/** What is asked for, from a program's words. */
export const callOf = (
  procedure: number,
  address: number,
  sizes: number,
  replyAt: number,
  timeout: number,
): Call => ({ procedure, address, request: sizes >>> 16, replyAt, reply: sizes & 0xffff, timeout });

/** Whether that can be asked for. */
export const isGood = ({ procedure, address, request, replyAt, reply, timeout }: Call): boolean =>
  procedure >= 0 && isMessage(address, request) && isMessage(replyAt, reply) && isTimeout(timeout);

/** portCall(binding, procedure, address, sizes, replyAt, timeout) */
export function* portCall(
  thread: number,
  handle: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAt: number,
  timeout: number,
): Code<number> {
  const call = callOf(procedure, address, sizes, replyAt, timeout);
  const port = isGood(call) ? yield* portFor(thread, handle, ROLE.call, false) : ERROR.EINVAL;
  return yield* countRefused(port < 0 ? port : yield* callPort(thread, port, call));
}

/** portReceive(port, address, capacity, timeout) */
export function* portReceive(
  thread: number,
  handle: number,
  address: number,
  capacity: number,
  timeout: number,
): Code<number> {
  if (!isMessage(address, capacity) || !isTimeout(timeout)) return ERROR.EINVAL;
  return yield* serveNext(BY_MESSAGE, thread, handle, { address, capacity, timeout }, 0);
}

/** portReply(address, bytes, status) */
export function* portReply(thread: number, address: number, bytes: number, status: number): Code<number> {
  if (!isMessage(address, bytes) || status < 0) return ERROR.EINVAL;
  const { error, client } = yield* reply(thread, { address, bytes, status });
  if (client !== 0) yield* enqueue(client);
  return error;
}

/** portReplyReceive(port, replyAddress, bytes, status, address, capacity) */
export function* portReplyReceive(
  thread: number,
  handle: number,
  replyAddress: number,
  bytes: number,
  status: number,
  address: number,
  capacity: number,
): Code<number> {
  const said = { address: replyAddress, bytes, status };
  return yield* answerAndServe(BY_MESSAGE, thread, handle, said, { address, capacity });
}
