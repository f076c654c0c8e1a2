/** System calls about protected procedure calls: ppcAccept, ppcReturn, ppcCall, ppcCallOn, ppcSend. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';
import type { Call } from '../ipc/call.ts';
import { isMessage } from '../ipc/message.ts';
import { callWorker } from '../ipc/ppc/call.ts';
import { ownPool } from '../ipc/ppc/pool.ts';
import { callRemote, sendCall } from '../ipc/ppc/remote.ts';
import { returnCall } from '../ipc/ppc/return.ts';
import { acceptCall } from '../ipc/ppc/worker.ts';
import type { Room } from '../ipc/receive.ts';
import { isServing } from '../ipc/reply.ts';
import { ROLE } from '../ipc/right.ts';
import { enqueue } from '../threads/wake.ts';
import { portFor } from './port.ts';

function* accept(thread: number, handle: number, room: Room, next: number): Code<number> {
  const pool = yield* portFor(thread, handle, ROLE.receive, true);
  const isBusy = yield* isServing(thread);
  if (pool > 0 && !isBusy) return yield* acceptCall(thread, pool, room, next);
  if (next !== 0) yield* enqueue(next);
  return pool < 0 ? pool : ERROR.EBUSY;
}

/** ppcAccept(port, address, capacity) */
export function* ppcAccept(thread: number, handle: number, address: number, capacity: number): Code<number> {
  if (!isMessage(address, capacity)) return ERROR.EINVAL;
  return yield* accept(thread, handle, { address, capacity, timeout: 0 }, 0);
}

/** ppcReturn(port, replyAddress, bytes, status, address, capacity) */
export function* ppcReturn(
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
  const { error, client } = yield* returnCall(thread, { address: replyAddress, bytes, status });
  if (error !== 0 && error !== ERROR.ESRCH) return error;
  return yield* accept(thread, handle, { address, capacity, timeout: 0 }, client);
}

const callOf = (procedure: number, address: number, sizes: number, replyAt: number): Call => ({
  procedure,
  address,
  request: sizes >>> 16,
  replyAt,
  reply: sizes & 0xffff,
  timeout: 0,
});

const isGood = ({ procedure, address, request, replyAt, reply }: Call): boolean =>
  procedure >= 0 && isMessage(address, request) && isMessage(replyAt, reply);

/** ppcCall(binding, procedure, address, sizes, replyAddress) */
export function* ppcCall(
  thread: number,
  handle: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAt: number,
): Code<number> {
  const call = callOf(procedure, address, sizes, replyAt);
  if (!isGood(call)) return ERROR.EINVAL;
  const pool = yield* portFor(thread, handle, ROLE.call, true);
  if (pool < 0) return pool;
  const owned = yield* ownPool(pool);
  return owned !== 0 ? owned : yield* callWorker(thread, pool, call);
}

function* isHart(hart: number): Code<boolean> {
  return hart >= 0 && hart < (yield load((yield csrRead('slocal')) + HART.harts));
}

/** ppcCallOn(binding, procedure, address, sizes, replyAddress, hart) */
export function* ppcCallOn(
  thread: number,
  handle: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAt: number,
  hart: number,
): Code<number> {
  const call = callOf(procedure, address, sizes, replyAt);
  if (!isGood(call) || !(yield* isHart(hart))) return ERROR.EINVAL;
  const pool = yield* portFor(thread, handle, ROLE.call, true);
  return pool < 0 ? pool : yield* callRemote(thread, pool, call, hart);
}

/** ppcSend(binding, procedure, address, bytes, hart) */
export function* ppcSend(
  thread: number,
  handle: number,
  procedure: number,
  address: number,
  bytes: number,
  hart: number,
): Code<number> {
  const call: Call = { procedure, address, request: bytes, replyAt: 0, reply: 0, timeout: 0 };
  if (!isGood(call) || !(yield* isHart(hart))) return ERROR.EINVAL;
  const pool = yield* portFor(thread, handle, ROLE.call, true);
  return pool < 0 ? pool : yield* sendCall(thread, pool, call, hart);
}
