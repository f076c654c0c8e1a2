/**
 * Adoption: a thread whose own process ends, or has got a replacement for it, while it is called into another one becomes
 * that one's. So the process can end at once, however long the call takes; a captured thread is its captor's.
 *
 * The thread does it itself, on its way to user mode. Nobody else looks for it meanwhile: for a moment no process lists it.
 *
 * *Locking:* the lock of either process, one after the other.
 */
import { type Code, csrRead, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { deref } from '../../objects/translation-table.ts';
import { isLast, tearDown } from '../../processes/end.ts';
import { PROCESS, recordOf } from '../../processes/process.ts';
import { lockedAppendThread, lockedCountThread, lockedUnlinkThread } from '../../processes/thread-list.ts';
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
  const record = yield* recordOf(home);
  yield* acquire(record + PROCESS.lock);
  yield* lockedUnlinkThread(record, thread);
  yield* release(record + PROCESS.lock);
  if (!(yield* enter(yield* recordOf(host), thread))) {
    yield* acquire(record + PROCESS.lock);
    yield* lockedAppendThread(record, thread);
    yield* release(record + PROCESS.lock);
    return;
  }
  yield store(thread + THREAD.home, host);
  yield store(thread + THREAD.exiled, 0);
  yield store(thread + THREAD.stackBase, 0);
  yield* sendJoinersAway(record, thread);
  if (yield* isLast(record)) yield* tearDown(thread, new Process(yield* deref(home)), record);
  yield* loseThread(yield csrRead('slocal'), record);
}

function* enter(record: number, thread: number): Code<boolean> {
  yield* acquire(record + PROCESS.lock);
  const alive = (yield load(record + PROCESS.dying)) === 0;
  if (alive) {
    yield store(thread + THREAD.number, (yield fetchAndAdd(record + PROCESS.nextThread, 1)) + 1);
    yield* lockedAppendThread(record, thread);
    yield* lockedCountThread(record);
  }
  yield* release(record + PROCESS.lock);
  return alive;
}

/** Who waits at home for the thread's end waits in vain; those that are woken already must not find its queue later. */
function* sendJoinersAway(record: number, thread: number): Code {
  const joiners = new WaitQueue(thread + THREAD.joiners);
  yield* acquire(record + PROCESS.lock);
  for (let at = yield* joiners.lockedFirst(); at !== 0; at = yield* joiners.lockedFirst())
    if ((yield* lockedWake(joiners, at, ERROR.ESRCH)) === 0) yield* joiners.lockedRemove(at);
  yield* release(record + PROCESS.lock);
}
