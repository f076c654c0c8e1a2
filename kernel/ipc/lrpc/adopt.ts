/**
 * Adoption: a thread whose own process ends, or has got a replacement for it, while it is called into another one becomes
 * that one's. So the process can end at once, however long the call takes; a captured thread is its captor's.
 *
 * The thread does it itself, on its way to user mode. Nobody else looks for it meanwhile: for a moment no process lists it.
 *
 * *Locking:* the locks under which it is listed in either process, one after the other; before, that of its home's
 * record.
 */
import { type Code, csrRead, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { deref, type ObjRef } from '../../objects/translation-table.ts';
import { isLast, tearDown } from '../../processes/end.ts';
import { PROCESS, PROCESS_REP, recordOf } from '../../processes/process.ts';
import {
  lockedCountThread,
  lockedAppendThread,
  lockedUnlinkThread,
  lockedTakeNumber,
} from '../../processes/thread-list.ts';
import { loseThread } from '../../processes/reap.ts';
import { THREAD } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { lockedWake } from '../../threads/wake.ts';
import { Process } from '../../vm/process.ts';

/** Whether a thread is out in another domain and its own does not want it any more. */
export function* isExiled(thread: number): Code<boolean> {
  const home = yield load(thread + THREAD.home);
  if (home === (yield load(thread + THREAD.process))) return false;
  if ((yield load(thread + THREAD.exiled)) !== 0) return true;
  return (yield load((yield* recordOf(home)) + PROCESS.dying)) !== 0;
}

// DOC: lrpc-adopt
/** The domain that a thread is in takes it over, unless that ends, too. */
export function* adopt(thread: number): Code {
  const host = yield load(thread + THREAD.process);
  const home = yield load(thread + THREAD.home);
  const part = yield load(thread + THREAD.part);
  const record = yield load(part + PROCESS_REP.record);
  // Who ends the home lets its lock go only when the calls that were made there are severed: none may lead back to it.
  yield* acquire(record + PROCESS.lock);
  yield* release(record + PROCESS.lock);
  yield* acquire(part + PROCESS_REP.threadLock);
  yield* lockedUnlinkThread(thread);
  yield store(thread + THREAD.part, 0);
  yield* release(part + PROCESS_REP.threadLock);
  if (!(yield* enter(yield* deref(host), host, thread))) {
    yield* acquire(part + PROCESS_REP.threadLock);
    yield store(thread + THREAD.part, part);
    yield* lockedAppendThread(thread);
    yield* release(part + PROCESS_REP.threadLock);
    return;
  }
  yield* sendJoinersAway(part, thread);
  if (yield* isLast(record, part)) yield* tearDown(thread, new Process(yield* deref(home)), record);
  yield* loseThread(yield csrRead('slocal'), record, part);
}

/** Makes a thread one of those of a host that a representative lists, under a new number. */
function* enter(part: number, host: ObjRef, thread: number): Code<boolean> {
  const record = yield load(part + PROCESS_REP.record);
  yield* acquire(part + PROCESS_REP.threadLock);
  const dying = (yield load(record + PROCESS.dying)) !== 0;
  const alive = !dying && (yield* lockedCountThread(record, part));
  if (alive) {
    yield store(thread + THREAD.number, yield* lockedTakeNumber(record, part));
    yield store(thread + THREAD.part, part);
    yield store(thread + THREAD.home, host);
    yield store(thread + THREAD.exiled, 0);
    yield store(thread + THREAD.stackBase, 0);
    yield* lockedAppendThread(thread);
  }
  yield* release(part + PROCESS_REP.threadLock);
  return alive;
}

/** Who waits at home for the thread's end waits in vain; those that are woken already must not find its queue later. */
function* sendJoinersAway(part: number, thread: number): Code {
  const joiners = new WaitQueue(thread + THREAD.joiners);
  yield* acquire(part + PROCESS_REP.threadLock);
  for (let at = yield* joiners.lockedFirst(); at !== 0; at = yield* joiners.lockedFirst())
    if ((yield* lockedWake(joiners, at, ERROR.ESRCH)) === 0) yield* joiners.lockedRemove(at);
  yield* release(part + PROCESS_REP.threadLock);
}
