/**
 * Captured threads: a client gets a replacement for a thread that a server does not let go. It goes on as if the call had
 * just failed, with ECALLABORTED. The captured one is the server's from then on (adopt.ts), and ends when it returns.
 *
 * *Locking:* the lock of the client, then linkages. While a linkage is held, the thread cannot come out below it.
 */
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  fetchAndAdd,
  freeContext,
  load,
  store,
} from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { CLASS } from '../../classes.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { allocate, free } from '../../memory/heap.ts';
import { PROCESS, recordOf } from '../../processes/process.ts';
import { lockedAppendThread, lockedCountThread } from '../../processes/thread-list.ts';
import { STATE, THREAD } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { makeRunnable } from '../../threads/wake.ts';
import { replacementStart } from '../../trap/thread-start.ts';
import { LINKAGE } from './layout.ts';
import { holdCall, letGoOn } from './linkage.ts';

// DOC: lrpc-abort
/** Replaces a thread of the caller's process that is in another one; gives 0, or ESRCH, EAGAIN, EDEADLK, ENOMEM. */
export function* abortCall(thread: number, number: number): Code<number> {
  const record = yield* recordOf(yield load(thread + THREAD.process));
  const local = yield csrRead('slocal');
  const made = yield* allocate(local, THREAD.SIZE);
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
  if (result === 0) {
    yield* makeRunnable(made);
    return 0;
  }
  yield freeContext(kernel);
  yield* free(made);
  return result;
}

function* lockedFind(record: number, number: number): Code<number> {
  for (let at = yield load(record + PROCESS.threads); at !== 0; at = yield load(at + THREAD.next)) {
    if ((yield load(at + THREAD.number)) !== number) continue;
    return (yield load(at + THREAD.state)) === STATE.ended ? ERROR.ESRCH : at;
  }
  return ERROR.ESRCH;
}

/** Puts `made` where `captured` came from; gives 0, or EAGAIN if it is in no call that can be given up. */
function* lockedReplace(record: number, captured: number, made: number): Code<number> {
  const innermost = yield load(captured + THREAD.linkage);
  if (innermost === 0 || !(yield* holdCall(innermost))) return ERROR.EAGAIN;
  const mine = (yield load(innermost + LINKAGE.thread)) === captured;
  const from = mine ? yield* ownLinkage(innermost, yield load(record + PROCESS.ref)) : 0;
  if (from !== 0) {
    yield* lockedTakeOver(record, captured, made, from);
    // The call goes on, but not back to here.
    yield store(from + LINKAGE.gone, 1);
    yield store(from + LINKAGE.below, 0);
    yield store(from + LINKAGE.context, 0);
  }
  yield* letGoOn(innermost);
  return from === 0 ? ERROR.EAGAIN : 0;
}

/** The innermost linkage, from one on, whose client is a process that still exists; or 0. */
function* ownLinkage(innermost: number, client: number): Code<number> {
  let at = innermost;
  while (at !== 0 && ((yield load(at + LINKAGE.client)) !== client || (yield load(at + LINKAGE.gone)) !== 0))
    at = yield load(at + LINKAGE.below);
  return at;
}

function* lockedTakeOver(record: number, captured: number, made: number, from: number): Code {
  yield store(made + THREAD.class, CLASS.thread);
  for (const field of [THREAD.number, THREAD.hart, THREAD.local, THREAD.stackBase, THREAD.home])
    yield store(made + field, yield load(captured + field));
  yield store(made + THREAD.process, yield load(from + LINKAGE.client));
  yield store(made + THREAD.hat, yield load(from + LINKAGE.hat));
  yield store(made + THREAD.satp, yield load(from + LINKAGE.satp));
  yield store(made + THREAD.userContext, yield load(from + LINKAGE.context));
  const below = yield load(from + LINKAGE.below);
  yield store(made + THREAD.linkage, below);
  for (let at = below; at !== 0; at = yield load(at + LINKAGE.below)) {
    if (!(yield* holdCall(at))) continue;
    yield store(at + LINKAGE.thread, made);
    yield* letGoOn(at);
  }
  yield store(captured + THREAD.number, (yield fetchAndAdd(record + PROCESS.nextThread, 1)) + 1);
  yield store(captured + THREAD.stackBase, 0);
  yield store(captured + THREAD.exiled, 1);
  const joiners = new WaitQueue(captured + THREAD.joiners);
  for (let at = yield* joiners.lockedFirst(); at !== 0; at = yield* joiners.lockedFirst()) {
    yield* joiners.lockedMove(at, new WaitQueue(made + THREAD.joiners));
  }
  yield* lockedAppendThread(record, made);
  yield* lockedCountThread(record);
}
