/** System calls about protected procedure calls: ppcAccept … ppcSend, ppcCallOnWithin. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { TARGET } from '../abi/startup.ts';
import { HART } from '../hart-local.ts';
import { copyInWord } from '../io/copy.ts';
import type { Call } from '../ipc/call.ts';
import { isMessage } from '../ipc/message.ts';
import { callWorker } from '../ipc/ppc/call.ts';
import { ownPool } from '../ipc/ppc/pool.ts';
import { callRemote, sendCall } from '../ipc/ppc/remote.ts';
import { countRefused } from '../ipc/refused.ts';
import { portFor, ROLE } from '../ipc/right.ts';
import { callOf, isGood } from './port.ts';
import { answerAndServe, BY_PROTECTED_CALL, serveNext } from './serve.ts';

/** ppcAccept(port, address, capacity) */
export function* ppcAccept(thread: number, handle: number, address: number, capacity: number): Code<number> {
  if (!isMessage(address, capacity)) return ERROR.EINVAL;
  return yield* serveNext(BY_PROTECTED_CALL, thread, handle, { address, capacity, timeout: 0 }, 0);
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
  const said = { address: replyAddress, bytes, status };
  return yield* answerAndServe(BY_PROTECTED_CALL, thread, handle, said, { address, capacity });
}

/** ppcCall(binding, procedure, address, sizes, replyAddress, timeout) */
export function* ppcCall(
  thread: number,
  handle: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAt: number,
  timeout: number,
): Code<number> {
  const call = callOf(procedure, address, sizes, replyAt, timeout);
  const pool = isGood(call) ? yield* portFor(thread, handle, ROLE.call, true) : ERROR.EINVAL;
  const owned = pool < 0 ? pool : yield* ownPool(pool);
  return yield* countRefused(owned < 0 ? owned : yield* callWorker(thread, pool, call));
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
  return yield* callOn(thread, handle, callOf(procedure, address, sizes, replyAt, 0), hart);
}

/** ppcCallOnWithin(binding, procedure, address, sizes, replyAddress, target) */
export function* ppcCallOnWithin(
  thread: number,
  handle: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAt: number,
  target: number,
): Code<number> {
  const hart = yield* copyInWord(thread, target + TARGET.HART);
  const cycles = yield* copyInWord(thread, target + TARGET.CYCLES);
  const error = hart.error || cycles.error;
  if (error !== 0) return yield* countRefused(error);
  return yield* callOn(thread, handle, callOf(procedure, address, sizes, replyAt, cycles.value), hart.value);
}

function* callOn(thread: number, handle: number, call: Call, hart: number): Code<number> {
  const good = isGood(call) && (yield* isHart(hart));
  const pool = good ? yield* portFor(thread, handle, ROLE.call, true) : ERROR.EINVAL;
  return yield* countRefused(pool < 0 ? pool : yield* callRemote(thread, pool, call, hart));
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
  const good = isGood(call) && (yield* isHart(hart));
  const pool = good ? yield* portFor(thread, handle, ROLE.call, true) : ERROR.EINVAL;
  return yield* countRefused(pool < 0 ? pool : yield* sendCall(thread, pool, call, hart));
}
