/**
 * How servers hear that processes have ended, whose open files, or names, they have to give up: a count of those that have, in
 * the process table, and a queue of threads that wait until it is another.
 *
 * *Locking:* the lock of the process table guards both.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PROCESS_TABLE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { PROCESS, PROCESS_STATE } from './process.ts';
import { lockedLookup, lockedOnlyServers, TABLE, TABLE_LOCK } from './process-table.ts';

const ENDED = PROCESS_TABLE + TABLE.ended;
const WATCHERS = PROCESS_TABLE + TABLE.watchers;
/** A count is given as a result, which is not negative. */
const COUNTED = 0x7fff_ffff;

/** Another process has ended. */
export function* lockedTellEnd(): Code {
  yield store(ENDED, ((yield load(ENDED)) + 1) & COUNTED);
  yield* lockedWakeAll(new WaitQueue(WATCHERS), 0);
}

// DOC: await-ends
/** Waits until not `seen` processes have ended but another number, and gives it; or ESHUTDOWN, EINTR. */
export function* awaitEnds(thread: number, seen: number): Code<number> {
  for (;;) {
    yield* acquire(TABLE_LOCK);
    const ended = yield load(ENDED);
    const over = yield* lockedOnlyServers();
    if (!over && ended === seen) yield* lockedPrepareWait(thread, WATCHERS, WAIT.ends, seen);
    yield* release(TABLE_LOCK);
    if (over) return ERROR.ESHUTDOWN;
    if (ended !== seen) return ended;
    const result = yield* wait(thread, TABLE_LOCK);
    if (result !== 0) return result;
  }
}

/** Whether a process has not ended: 1 or 0. */
export function* isLive(number: number): Code<number> {
  yield* acquire(TABLE_LOCK);
  const process = yield* lockedLookup(number);
  const live = process !== 0 && (yield load(process + PROCESS.state)) === PROCESS_STATE.live;
  yield* release(TABLE_LOCK);
  return live ? 1 : 0;
}
