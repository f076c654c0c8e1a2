/**
 * Guests: threads of other processes that execute in a process, and threads that map or unmap memory of it from
 * outside. As long as there are any, the memory of a process that ends must stay; its last thread waits for them.
 *
 * A call touches nothing that all calls to a server share: that there are guests is found by a look at the linkages,
 * and only when the process ends. Who leaves stores first that it has left and looks second whether the process ends;
 * the last thread does it the other way round: one of them sees the other.
 *
 * *Locking:* the lock of the process's record guards its list of exports and the queue; `holds` is raised under the lock
 * of an export whose server has not gone.
 */
import { type Code, fence, fetchAndAdd, load } from '../../../hw/isa/index.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { PROCESS } from '../../processes/process.ts';
import { lockedPrepareWait, wait } from '../../threads/block.ts';
import { THREAD, WAIT } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { lockedWakeAll } from '../../threads/wake.ts';
import { BINDING, EXPORT, LINKAGE } from './layout.ts';
import { holdNextCall, letGoOn } from './linkage.ts';

/** Holds the memory of an export's server in existence; gives whether it could. */
export function* holdServer(exported: number): Code<boolean> {
  yield* acquire(exported + EXPORT.lock);
  const there = (yield load(exported + EXPORT.serverGone)) === 0;
  if (there) yield fetchAndAdd((yield load(exported + EXPORT.record)) + PROCESS.holds, 1);
  yield* release(exported + EXPORT.lock);
  return there;
}

/** Lets it go. */
export function* releaseServer(exported: number): Code {
  yield fetchAndAdd((yield load(exported + EXPORT.record)) + PROCESS.holds, -1);
  yield fence();
  yield* haveLeft(exported);
}

/** A guest has left the server of an export, and that has reached memory: if it ends, its last thread may wait for it. */
export function* haveLeft(exported: number): Code {
  if ((yield load(exported + EXPORT.detached)) !== 0) return;
  const record = yield load(exported + EXPORT.record);
  if ((yield load(record + PROCESS.dying)) === 0) return;
  yield* acquire(record + PROCESS.lock);
  yield* lockedWakeAll(new WaitQueue(record + PROCESS.guestsGone), 0);
  yield* release(record + PROCESS.lock);
}

// DOC: await-guests
/** Waits until no guest but the thread itself is in a process that ends and in which none can come any more. */
export function* awaitGuests(thread: number, record: number): Code {
  for (;;) {
    yield* acquire(record + PROCESS.lock);
    const guests = yield* lockedHasGuests(record, thread);
    const number = yield load(record + PROCESS.number);
    if (guests) yield* lockedPrepareWait(thread, record + PROCESS.guestsGone, WAIT.guests, number);
    yield* release(record + PROCESS.lock);
    if (!guests) return;
    yield* wait(thread, 0);
  }
}

function* lockedHasGuests(record: number, but: number): Code<boolean> {
  if ((yield load(record + PROCESS.holds)) !== 0) return true;
  const ref = yield load(record + PROCESS.ref);
  for (let at = yield load(record + PROCESS.exports); at !== 0; at = yield load(at + EXPORT.next)) {
    yield* acquire(at + EXPORT.lock);
    const found = yield* lockedFindGuest(at, ref, but);
    yield* release(at + EXPORT.lock);
    if (found) return true;
  }
  return false;
}

function* lockedFindGuest(exported: number, ref: number, but: number): Code<boolean> {
  for (
    let binding = yield load(exported + EXPORT.bindings);
    binding !== 0;
    binding = yield load(binding + BINDING.exportNext)
  ) {
    for (
      let linkage = yield* holdNextCall(binding, 0);
      linkage !== 0;
      linkage = yield* holdNextCall(binding, linkage)
    ) {
      const thread = yield load(linkage + LINKAGE.thread);
      const found = thread !== but && (yield load(thread + THREAD.process)) === ref;
      yield* letGoOn(linkage);
      if (found) return true;
    }
  }
  return false;
}
