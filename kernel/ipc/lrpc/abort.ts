/**
 * Captured threads: a client gets a replacement (replace.ts) for a thread that a server does not let go. It goes on with
 * ECALLABORTED.
 *
 * *Locking:* the lock of the client, then linkages. While a linkage is held, the thread cannot come out below it.
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
import { acquire, release } from '../../locks/mcs.ts';
import { PROCESS, recordOf } from '../../processes/process.ts';
import { lockedAppendThread, lockedCountThread } from '../../processes/thread-list.ts';
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
  const record = yield* recordOf(yield load(thread + THREAD.process));
  const local = yield csrRead('slocal');
  const made = yield* allocateThread(local, local);
  if (made === 0) return ERROR.ENOMEM;
  const kernel = yield createContext(yield addressOf(replacementStart), made, 0);
  yield store(made + THREAD.kernelContext, kernel);
  yield* acquire(record + PROCESS.lock);
  const captured = yield* lockedFind(record, number);
  const result =
    captured === thread
      ? ERROR.EDEADLK
      : captured < 0
        ? captured
        : yield* lockedReplace(record, captured, made);
  yield* release(record + PROCESS.lock);
  if (result >= 0) {
    if (result !== 0) yield* endLimit(result);
    yield* makeRunnable(made);
    return 0;
  }
  yield freeContext(kernel);
  yield* freeThread(made);
  return result;
}

function* lockedFind(record: number, number: number): Code<number> {
  // What waits for a time limit has no number.
  if (number === 0) return ERROR.ESRCH;
  for (let at = yield load(record + PROCESS.threads); at !== 0; at = yield load(at + THREAD.next)) {
    if ((yield load(at + THREAD.number)) !== number) continue;
    return (yield load(at + THREAD.state)) === STATE.ended ? ERROR.ESRCH : at;
  }
  return ERROR.ESRCH;
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
  yield* lockedAppendThread(record, made);
  yield* lockedCountThread(record);
  return limit;
}
