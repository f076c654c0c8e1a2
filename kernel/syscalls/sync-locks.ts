/** System calls about mutexes and reader-writer locks: mutex…, rwlock…, lockConsistent. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { chosenDegree, DEGREE, isBadDegree } from '../objects/degree.ts';
import { TYPE } from '../objects/types.ts';
import { MUTEX, RWLOCK, SYNC } from '../sync/layout.ts';
import { lockMutex, markConsistent, unlockMutex } from '../sync/mutex.ts';
import { createSync, enterSync, findSync } from '../sync/owned-sync.ts';
import { lockRead, lockWrite, unlockRwlock } from '../sync/rwlock.ts';
import { isTimeout } from '../sync/waiting.ts';

/** mutexCreate() */
export function* mutexCreate(thread: number): Code<number> {
  const request = { classWord: CLASS.mutex, bytes: MUTEX.SIZE, degree: DEGREE.shared };
  return yield* enterSync(thread, yield* createSync(thread, request));
}

/** mutexLock(mutex, timeout) */
export function* mutexLock(thread: number, handle: number, timeout: number): Code<number> {
  if (!isTimeout(timeout)) return ERROR.EINVAL;
  const mutex = yield* findSync(thread, handle, CLASS.mutex);
  return mutex === 0 ? ERROR.EBADF : yield* lockMutex(thread, mutex, timeout);
}

/** mutexUnlock(mutex) */
export function* mutexUnlock(thread: number, handle: number): Code<number> {
  const mutex = yield* findSync(thread, handle, CLASS.mutex);
  return mutex === 0 ? ERROR.EBADF : yield* unlockMutex(thread, mutex);
}

/** rwlockCreate(harts) */
export function* rwlockCreate(thread: number, harts: number): Code<number> {
  const degree = yield* chosenDegree(yield csrRead('slocal'), TYPE.rwlock, harts);
  if (isBadDegree(degree)) return ERROR.EINVAL;
  return yield* enterSync(
    thread,
    yield* createSync(thread, { classWord: CLASS.rwlock, bytes: RWLOCK.SIZE, degree }),
  );
}

/** rwlockRead(rwlock, timeout) */
export function* rwlockRead(thread: number, handle: number, timeout: number): Code<number> {
  if (!isTimeout(timeout)) return ERROR.EINVAL;
  const lock = yield* findSync(thread, handle, CLASS.rwlock);
  return lock === 0 ? ERROR.EBADF : yield* lockRead(thread, lock, timeout);
}

/** rwlockWrite(rwlock, timeout) */
export function* rwlockWrite(thread: number, handle: number, timeout: number): Code<number> {
  if (!isTimeout(timeout)) return ERROR.EINVAL;
  const lock = yield* findSync(thread, handle, CLASS.rwlock);
  return lock === 0 ? ERROR.EBADF : yield* lockWrite(thread, lock, timeout);
}

/** rwlockUnlock(rwlock) */
export function* rwlockUnlock(thread: number, handle: number): Code<number> {
  const lock = yield* findSync(thread, handle, CLASS.rwlock);
  return lock === 0 ? ERROR.EBADF : yield* unlockRwlock(thread, lock);
}

/** lockConsistent(lock) */
export function* lockConsistent(thread: number, handle: number): Code<number> {
  const rep = yield* findSync(thread, handle);
  const word = rep === 0 ? 0 : yield load(rep + SYNC.class);
  if (word !== CLASS.mutex && word !== CLASS.rwlock) return ERROR.EBADF;
  return yield* markConsistent(thread, yield load(rep + SYNC.home));
}
