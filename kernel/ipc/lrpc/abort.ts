/**
 * Captured threads: a client gets a replacement (replace.ts) for a thread that a server does not let go. It goes on with
 * ECALLABORTED.
 *
 * *Locking:* the lock under which the thread is listed, then linkages. While a linkage is held, the thread cannot come out below it.
 */
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  freeContext,
  load,
  store,
} from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { CLASS } from '../../classes.ts';
import { localOf } from '../../hart-local.ts';
import { release } from '../../locks/mcs.ts';
import { deref } from '../../objects/translation-table.ts';
import { PROCESS, PROCESS_REP } from '../../processes/process.ts';
import { lockedAppendThread, lockedCountThread, lockThread } from '../../processes/thread-list.ts';
import { allocateThread, freeThread } from '../../scheduling/thread-blocks.ts';
import { STATE, THREAD } from '../../threads/thread.ts';
import { makeRunnable } from '../../threads/wake.ts';
import { replacementStart } from '../../trap/thread-start.ts';
import { LINKAGE } from './layout.ts';
import { holdCall, letGoOn } from './linkage.ts';
import { lockedTakeName, lockedTakePlace } from './replace.ts';
import { endLimit } from './time-limit.ts';

// DOC: lrpc-abort
/** Replaces a thread of the caller's process that is in another one; gives 0, or ESRCH, EAGAIN, EDEADLK, ENOMEM. */
export function* abortCall(thread: number, number: number): Code<number> {
  const near = yield* deref(yield load(thread + THREAD.process));
  const record = yield load(near + PROCESS_REP.record);
  const local = yield csrRead('slocal');
  const made = yield* allocateThread(local, local);
  if (made === 0) return ERROR.ENOMEM;
  const kernel = yield createContext(yield addressOf(replacementStart), made, 0);
  yield store(made + THREAD.kernelContext, kernel);
  const captured = yield* lockThread(local, record, near, number);
  const result = captured === 0 ? ERROR.ESRCH : yield* lockedAbort(thread, record, captured, made);
  if (captured !== 0) yield* release((yield load(made + THREAD.part)) + PROCESS_REP.threadLock);
  if (result >= 0) {
    if (result !== 0) yield* endLimit(result);
    yield* makeRunnable(made);
    return 0;
  }
  yield freeContext(kernel);
  yield* freeThread(made);
  return result;
}

function* lockedAbort(thread: number, record: number, captured: number, made: number): Code<number> {
  // Where the captured one is listed, the other one will be; under that lock this is.
  yield store(made + THREAD.part, yield load(captured + THREAD.part));
  if (captured === thread) return ERROR.EDEADLK;
  if ((yield load(captured + THREAD.state)) === STATE.ended) return ERROR.ESRCH;
  return yield* lockedReplace(record, captured, made);
}

/** Puts `made` where `captured` came from; gives the limit of that call, or 0; or EAGAIN: it is in no call that can be given up. */
function* lockedReplace(record: number, captured: number, made: number): Code<number> {
  const innermost = yield load(captured + THREAD.linkage);
  if (innermost === 0 || !(yield* holdCall(innermost))) return ERROR.EAGAIN;
  const mine = (yield load(innermost + LINKAGE.thread)) === captured;
  const from = mine ? yield* ownLinkage(innermost, yield load(record + PROCESS.ref)) : 0;
  const limit = from === 0 ? ERROR.EAGAIN : yield* lockedTakeOver(record, captured, made, from);
  yield* letGoOn(innermost);
  return limit;
}

/** The innermost linkage, from one on, whose client is a process that still exists; or 0. */
function* ownLinkage(innermost: number, client: number): Code<number> {
  let at = innermost;
  while (at !== 0 && ((yield load(at + LINKAGE.client)) !== client || (yield load(at + LINKAGE.gone)) !== 0))
    at = yield load(at + LINKAGE.below);
  return at;
}

function* lockedTakeOver(record: number, captured: number, made: number, from: number): Code<number> {
  yield store(made + THREAD.class, CLASS.thread);
  yield store(made + THREAD.home, yield load(captured + THREAD.home));
  // The captured one may just be on its way from one hart to another.
  const hart = yield load(captured + THREAD.hart);
  yield store(made + THREAD.hart, hart);
  yield store(made + THREAD.local, yield* localOf(yield csrRead('slocal'), hart));
  const limit = yield* lockedTakePlace(made, from);
  yield* lockedTakeName(record, made, captured);
  yield* lockedAppendThread(made);
  // The captured one is counted still: the process is not at its end.
  yield* lockedCountThread(record, yield load(made + THREAD.part));
  return limit;
}
