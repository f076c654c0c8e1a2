/** System calls of LRPC: lrpcExport … lrpcAbort, lrpcSegment, lrpcSegmentHere. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { A_STACKS, A_STACKS_SIZE } from '../abi/startup.ts';
import { copyOutWord } from '../io/copy.ts';
import { abortCall } from '../ipc/lrpc/abort.ts';
import { bind, grow } from '../ipc/lrpc/bind.ts';
import { callServer } from '../ipc/lrpc/call.ts';
import { exportInterface, withdraw } from '../ipc/lrpc/export.ts';
import { findBinding } from '../ipc/lrpc/find-linkage.ts';
import { BINDING, BOUND, boundAt, CHUNK } from '../ipc/lrpc/layout.ts';
import { countRefused } from '../ipc/refused.ts';
import { returnFromCall } from '../ipc/lrpc/return.ts';
import { unbind } from '../ipc/lrpc/revoke.ts';
import { segmentOfCall, tieSegment } from '../ipc/lrpc/segment.ts';
import { isTimeout } from './timeout.ts';

/** lrpcExport(name0, name1, descriptors, procedures, word) */
export function* lrpcExport(
  thread: number,
  name0: number,
  name1: number,
  descriptors: number,
  count: number,
  word: number,
): Code<number> {
  const request = { name0, name1, descriptors, count, word };
  return yield* exportInterface(yield csrRead('slocal'), thread, request);
}

/** lrpcWithdraw(export) */
export function* lrpcWithdraw(thread: number, handle: number): Code<number> {
  return yield* withdraw(thread, handle);
}

/** lrpcBind(name0, name1, stacksAddress, capacity) */
export function* lrpcBind(
  thread: number,
  name0: number,
  name1: number,
  address: number,
  capacity: number,
): Code<number> {
  const binding = yield* bind(yield csrRead('slocal'), thread, [name0, name1], capacity);
  if (binding < 0) return binding;
  const handle = yield load(binding + BINDING.handle);
  const failure = yield* tellStacks(thread, binding, address);
  if (failure === 0) return handle;
  yield* unbind(binding);
  return failure;
}

/** Tells a client where its A-stacks lie. */
function* tellStacks(thread: number, binding: number, address: number): Code<number> {
  const count = yield load(binding + BINDING.count);
  for (let procedure = 0; procedure < count; procedure += 1) {
    const chunk = yield load(boundAt(binding, procedure) + BOUND.chunk);
    const to = address + procedure * A_STACKS_SIZE;
    const failure =
      (yield* copyOutWord(thread, to + A_STACKS.BASE, yield load(chunk + CHUNK.clientBase))) ||
      (yield* copyOutWord(thread, to + A_STACKS.STRIDE, yield load(chunk + CHUNK.stride))) ||
      (yield* copyOutWord(thread, to + A_STACKS.COUNT, yield load(chunk + CHUNK.count)));
    if (failure !== 0) return failure;
  }
  return 0;
}

/** lrpcUnbind(binding) */
export function* lrpcUnbind(thread: number, handle: number): Code<number> {
  const binding = yield* findBinding(thread, handle);
  return binding < 0 ? ERROR.EBADF : yield* unbind(binding);
}

/** lrpcCall(binding, procedure, aStack, timeout) */
export function* lrpcCall(
  thread: number,
  handle: number,
  procedure: number,
  aStack: number,
  timeout: number,
): Code<number> {
  if (!isTimeout(timeout)) return yield* countRefused(ERROR.EINVAL);
  return yield* callServer(thread, handle, procedure, aStack, timeout);
}

/** lrpcReturn() */
export function* lrpcReturn(thread: number): Code<number> {
  return yield* returnFromCall(thread);
}

/** lrpcGrow(binding, procedure) */
export function* lrpcGrow(thread: number, handle: number, procedure: number): Code<number> {
  const local = yield csrRead('slocal');
  const binding = yield* findBinding(thread, handle);
  return binding < 0 ? ERROR.EBADF : yield* grow(local, binding, procedure);
}

/** lrpcAbort(thread) */
export function* lrpcAbort(thread: number, number: number): Code<number> {
  return yield* abortCall(thread, number);
}

/** lrpcSegment(binding, procedure, aStack, bytes) */
export function* lrpcSegment(
  thread: number,
  handle: number,
  procedure: number,
  aStack: number,
  bytes: number,
): Code<number> {
  const local = yield csrRead('slocal');
  const binding = yield* findBinding(thread, handle);
  if (binding < 0) return yield* countRefused(ERROR.EBADF);
  return yield* countRefused(yield* tieSegment(local, binding, procedure, aStack, bytes));
}

/** lrpcSegmentHere(bytes) */
export function* lrpcSegmentHere(thread: number, bytes: number): Code<number> {
  return yield* segmentOfCall(thread, bytes);
}
