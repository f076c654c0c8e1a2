/**
 * The end of a synchronization object: it is made dead, which it cannot be while somebody holds it or waits for it, and
 * then destroyed as any object is.
 *
 * With its process it ends in any case. All who wait have left by then; but a thread that is in another domain, or now
 * of another process, may still hold a lock. Then whoever is the last to give it up destroys it.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { missHandlerOf } from '../objects/miss-handler-table.ts';
import { refOfHandle } from '../objects/handle.ts';
import { destroyOwned } from '../objects/object.ts';
import { Root } from '../objects/root.ts';
import { lastOwned, takeOwned } from '../processes/owned.ts';
import { PROCESS, recordOf } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { killBarrier } from './barrier.ts';
import { MUTEX, SYNC } from './layout.ts';
import { lockedAdmit, lockedSetClosed, readersOf } from './rwlock.ts';
import { lockedHasQueue } from './waiting.ts';

// DOC: destroy-sync
/** Destroys an object of the thread's process, by any of its representatives; gives 0, EBUSY or EBADF. */
export function* destroySync(thread: number, rep: number): Code<number> {
  const home = yield load(rep + SYNC.home);
  const isBarrier = (yield load(rep + SYNC.class)) === CLASS.barrier;
  const result = isBarrier ? yield* killBarrier(home) : yield* kill(home);
  if (result !== 0) return result;
  const record = yield* recordOf(yield load(thread + THREAD.process));
  yield* takeOwned(record, PROCESS.syncs, yield load(home + SYNC.handle));
  yield* destroyHome(home);
  return 0;
}

function* destroyHome(home: number): Code {
  const local = yield csrRead('slocal');
  yield* destroyOwned(local, yield* refOfHandle(local, yield load(home + SYNC.handle)));
}

const isLock = (word: number): boolean => word === CLASS.mutex || word === CLASS.rwlock;

function* kill(home: number): Code<number> {
  const word = yield load(home + SYNC.class);
  yield* acquire(home + SYNC.lock);
  let result = (yield load(home + SYNC.dead)) !== 0 ? ERROR.EBADF : 0;
  const isHeld = isLock(word) && (yield load(home + MUTEX.holder)) !== 0;
  if (result === 0 && (isHeld || (yield* lockedHasQueue(home)))) result = ERROR.EBUSY;
  if (result === 0 && word === CLASS.rwlock && !(yield* lockedShut(home))) result = ERROR.EBUSY;
  if (result === 0) yield store(home + SYNC.dead, 1);
  yield* release(home + SYNC.lock);
  return result;
}

/** Keeps readers out for good, if none is inside. */
function* lockedShut(home: number): Code<boolean> {
  yield* lockedSetClosed(home, 1);
  if ((yield* readersOf(home)) === 0) return true;
  yield* lockedAdmit(home);
  return false;
}

/** Destroys all objects of a process whose threads have left. */
export function* destroySyncs(record: number): Code {
  const local = yield csrRead('slocal');
  const list = PROCESS.syncs;
  for (let handle = yield* lastOwned(record, list); handle !== 0; handle = yield* lastOwned(record, list)) {
    const root = new Root(yield* missHandlerOf(local, yield* refOfHandle(local, handle)));
    const home = yield* root.primary();
    yield* takeOwned(record, list, handle);
    if (!isLock(yield load(home + SYNC.class)) || (yield* lastGivesUp(home))) yield* destroyHome(home);
  }
}

// DOC: last-gives-up
/** The process of a lock has ended, or somebody gives such a lock up: gives whether nobody holds it, once. */
export function* lastGivesUp(home: number): Code<boolean> {
  yield* acquire(home + SYNC.lock);
  if ((yield load(home + SYNC.class)) === CLASS.rwlock) yield* lockedSetClosed(home, 1);
  const readers = (yield load(home + SYNC.class)) === CLASS.rwlock ? yield* readersOf(home) : 0;
  const isFree = readers === 0 && (yield load(home + MUTEX.holder)) === 0;
  const isLast = isFree && (yield load(home + SYNC.dead)) !== GONE;
  yield store(home + SYNC.dead, isFree ? GONE : 1);
  yield* release(home + SYNC.lock);
  return isLast;
}

/** In `dead`: it is being destroyed. */
const GONE = 2;

/** The caller has given a lock up: if its process has ended, and nobody else holds it, that is its end. */
export function* endIfDead(home: number): Code {
  if ((yield load(home + SYNC.dead)) !== 0 && (yield* lastGivesUp(home))) yield* destroyHome(home);
}
