/**
 * After the end, in a dispatcher, where nothing blocks: frees a thread's contexts, and with the last thread
 * of a process makes it a zombie for its parent, or frees it if it has none. Children become orphans, which
 * nobody waits for. When the first process has ended, all others are killed; after the last one the machine is
 * switched off (power-off.ts).
 */
import { type Code, freeContext, load, store } from '../../hw/isa/index.ts';
import { EXIT } from '../abi/exit-status.ts';
import { PROCESS_TABLE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { freeThread } from '../scheduling/thread-blocks.ts';
import { STATE, THREAD } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { endProcess } from './end.ts';
import { lockedTellEnd } from './ends.ts';
import { PROCESS, PROCESS_REP, PROCESS_STATE } from './process.ts';
import { lockedUncount, lockedUnlinkThread, nextPart, partAt } from './thread-list.ts';
import { lockedNext, lockedRetire, PROCESS_SLOTS, TABLE, TABLE_LOCK } from './process-table.ts';

/** Frees what is left of a thread that has switched away for good. */
export function* reap(local: number, thread: number): Code {
  const user = yield load(thread + THREAD.userContext);
  // None is left of a thread that was replaced (ipc/lrpc/abort.ts).
  if (user !== 0) yield freeContext(user);
  yield freeContext(yield load(thread + THREAD.kernelContext));
  const part = yield load(thread + THREAD.part);
  const process = yield load(part + PROCESS_REP.record);
  yield* acquire(part + PROCESS_REP.threadLock);
  yield store(thread + THREAD.state, STATE.ended);
  yield* lockedWakeAll(new WaitQueue(thread + THREAD.joiners), 0);
  // Nobody can ask for one that only waited for a time limit.
  const unknown = (yield load(thread + THREAD.number)) === 0;
  if (unknown) yield* lockedUnlinkThread(thread);
  const last = yield* lockedUncount(part, PROCESS_REP.attached, process + PROCESS.attached);
  yield* release(part + PROCESS_REP.threadLock);
  if (unknown) yield* freeThread(thread);
  if (last) yield* finish(local, process);
}

/** One thread less where it was counted, which is not in its list any more; with the last of all the process is a zombie. */
export function* loseThread(local: number, process: number, part: number): Code {
  yield* acquire(part + PROCESS_REP.threadLock);
  const last = yield* lockedUncount(part, PROCESS_REP.attached, process + PROCESS.attached);
  yield* release(part + PROCESS_REP.threadLock);
  if (last) yield* finish(local, process);
}

/** The process has no thread and no memory any more. */
function* finish(local: number, process: number): Code {
  for (let at = yield* nextPart(local, process, 0); at >= 0; at = yield* nextPart(local, process, at + 1)) {
    const part = yield* partAt(local, process, at);
    for (let thread = yield load(part + PROCESS_REP.threads); thread !== 0; ) {
      const next = yield load(thread + THREAD.next);
      yield* freeThread(thread);
      thread = next;
    }
    yield store(part + PROCESS_REP.threads, 0);
  }
  yield* acquire(TABLE_LOCK);
  yield store(process + PROCESS.state, PROCESS_STATE.zombie);
  yield* lockedOrphan(local, process);
  yield* lockedTellEnd();
  if ((yield load(process + PROCESS.number)) === 1) yield* lockedShutDown(process);
  const parent = yield load(process + PROCESS.parent);
  if (parent === 0) yield* lockedRetire(local, process);
  else yield* lockedWakeAll(new WaitQueue(parent + PROCESS.children), 0);
  yield* release(TABLE_LOCK);
}

/** Parts a process from its children; those that are zombies go at once. */
function* lockedOrphan(local: number, process: number): Code {
  let slot = 0;
  while ((yield load(process + PROCESS.childCount)) > 0) {
    const child = yield* lockedNext(slot);
    slot = ((yield load(child + PROCESS.number)) & (PROCESS_SLOTS - 1)) + 1;
    if ((yield load(child + PROCESS.parent)) !== process) continue;
    yield store(child + PROCESS.parent, 0);
    yield store(process + PROCESS.childCount, (yield load(process + PROCESS.childCount)) - 1);
    if ((yield load(child + PROCESS.state)) === PROCESS_STATE.zombie) yield* lockedRetire(local, child);
  }
}

/** The first process has ended: its status becomes the machine's, and everybody else but servers is killed. */
function* lockedShutDown(first: number): Code {
  yield store(PROCESS_TABLE + TABLE.status, yield load(first + PROCESS.status));
  yield store(PROCESS_TABLE + TABLE.shutdown, 1);
  for (let process = yield* lockedNext(0); process !== 0; ) {
    const slot = ((yield load(process + PROCESS.number)) & (PROCESS_SLOTS - 1)) + 1;
    const stays = process === first || (yield load(process + PROCESS.system)) !== 0;
    if (!stays && (yield load(process + PROCESS.state)) !== PROCESS_STATE.zombie) {
      yield* endProcess(process, EXIT.KILLED);
    }
    process = yield* lockedNext(slot);
  }
}
