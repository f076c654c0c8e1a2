/** System calls about ports: portCreate, portBind, portClose, portCall, portReceive, portReply, portReplyReceive. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, PORT_KIND } from '../abi/flags.ts';
import { callPort } from '../ipc/call.ts';
import { closePort, closeRight } from '../ipc/close.ts';
import { isMessage } from '../ipc/message.ts';
import { createPort, findPort, PORT, publishPort } from '../ipc/port.ts';
import { receive, type Room } from '../ipc/receive.ts';
import { isServing, reply } from '../ipc/reply.ts';
import { grantRight, portOf, ROLE } from '../ipc/right.ts';
import { recordOf } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { enqueue } from '../threads/wake.ts';

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

/** The port of a handle, if it is one for protected calls, or for messages. */
export function* portFor(thread: number, handle: number, role: number, ppc: boolean): Code<number> {
  const port = yield* portOf(thread, handle, role);
  if (port < 0) return port;
  return ((yield load(port + PORT.kind)) === PORT_KIND.PPC) === ppc ? port : ERROR.EBADF;
}

const isTimeout = (cycles: number): boolean => cycles >= 0 && cycles <= LIMIT.CYCLES;

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
  const request = sizes >>> 16;
  const reply = sizes & 0xffff;
  const good = procedure >= 0 && isMessage(address, request) && isMessage(replyAt, reply);
  if (!good || !isTimeout(timeout)) return ERROR.EINVAL;
  const port = yield* portFor(thread, handle, ROLE.call, false);
  if (port < 0) return port;
  return yield* callPort(thread, port, { procedure, address, request, replyAt, reply, timeout });
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
  return yield* receiveFrom(thread, handle, { address, capacity, timeout }, 0);
}

function* receiveFrom(thread: number, handle: number, room: Room, next: number): Code<number> {
  const port = yield* portFor(thread, handle, ROLE.receive, false);
  const busy = yield* isServing(thread);
  if (port > 0 && !busy) return yield* receive(thread, port, room, next);
  if (next !== 0) yield* enqueue(next);
  return port < 0 ? port : ERROR.EBUSY;
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
  const good = isMessage(replyAddress, bytes) && isMessage(address, capacity);
  if (!good || status < 0) return ERROR.EINVAL;
  const { error, client } = yield* reply(thread, { address: replyAddress, bytes, status });
  if (error !== 0 && error !== ERROR.ESRCH) return error;
  // On its way to this hart's memory the thread may have slept; but it has not moved.
  const near = client !== 0 && (yield load(client + THREAD.local)) === (yield csrRead('slocal'));
  if (client !== 0 && !near) yield* enqueue(client);
  return yield* receiveFrom(thread, handle, { address, capacity, timeout: 0 }, near ? client : 0);
}
