/** System calls about other synchronization objects, and the end of all: condition…, semaphore…, barrier…, syncDestroy. */
import { type Code, csrRead, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { chosenDegree, DEGREE, isBadDegree } from '../objects/degree.ts';
import { TYPE } from '../objects/types.ts';
import { createBarrier, waitBarrier } from '../sync/barrier.ts';
import { waitCondition, wakeCondition } from '../sync/condition.ts';
import { destroySync } from '../sync/destroy.ts';
import { CONDITION, SEMAPHORE } from '../sync/layout.ts';
import { createSync, enterSync, findSync } from '../sync/owned-sync.ts';
import { postSemaphore, waitSemaphore } from '../sync/semaphore.ts';
import { isTimeout } from '../sync/waiting.ts';

/** conditionCreate() */
export function* conditionCreate(thread: number): Code<number> {
  const request = { classWord: CLASS.condition, bytes: CONDITION.SIZE, degree: DEGREE.shared };
  return yield* enterSync(thread, yield* createSync(thread, request));
}

/** conditionWait(condition, mutex, timeout) */
export function* conditionWait(
  thread: number,
  handle: number,
  mutexHandle: number,
  timeout: number,
): Code<number> {
  if (!isTimeout(timeout)) return ERROR.EINVAL;
  const condition = yield* findSync(thread, handle, CLASS.condition);
  const mutex = yield* findSync(thread, mutexHandle, CLASS.mutex);
  if (condition === 0 || mutex === 0) return ERROR.EBADF;
  return yield* waitCondition(thread, condition, mutex, timeout);
}

/** conditionWake(condition, count) */
export function* conditionWake(thread: number, handle: number, count: number): Code<number> {
  if (count < 0) return ERROR.EINVAL;
  const condition = yield* findSync(thread, handle, CLASS.condition);
  return condition === 0 ? ERROR.EBADF : yield* wakeCondition(condition, count);
}

/** semaphoreCreate(value) */
export function* semaphoreCreate(thread: number, value: number): Code<number> {
  if (value < 0 || value > LIMIT.SEMAPHORE) return ERROR.EINVAL;
  const request = { classWord: CLASS.semaphore, bytes: SEMAPHORE.SIZE, degree: DEGREE.shared };
  const made = yield* createSync(thread, request);
  if (made.ref !== 0) yield store(made.rep + SEMAPHORE.count, value);
  return yield* enterSync(thread, made);
}

/** semaphoreWait(semaphore, timeout) */
export function* semaphoreWait(thread: number, handle: number, timeout: number): Code<number> {
  if (!isTimeout(timeout)) return ERROR.EINVAL;
  const semaphore = yield* findSync(thread, handle, CLASS.semaphore);
  return semaphore === 0 ? ERROR.EBADF : yield* waitSemaphore(thread, semaphore, timeout);
}

/** semaphorePost(semaphore, count) */
export function* semaphorePost(thread: number, handle: number, count: number): Code<number> {
  if (count <= 0) return ERROR.EINVAL;
  const semaphore = yield* findSync(thread, handle, CLASS.semaphore);
  return semaphore === 0 ? ERROR.EBADF : yield* postSemaphore(semaphore, count);
}

/** barrierCreate(members, harts) */
export function* barrierCreate(thread: number, members: number, harts: number): Code<number> {
  const local = yield csrRead('slocal');
  const degree = yield* chosenDegree(local, TYPE.barrier, harts);
  if (members <= 0 || members > LIMIT.MEMBERS || isBadDegree(degree)) return ERROR.EINVAL;
  return yield* enterSync(thread, yield* createBarrier(thread, members, degree));
}

/** barrierWait(barrier, member, timeout) */
export function* barrierWait(thread: number, handle: number, member: number, timeout: number): Code<number> {
  if (!isTimeout(timeout)) return ERROR.EINVAL;
  const barrier = yield* findSync(thread, handle, CLASS.barrier);
  return barrier === 0 ? ERROR.EBADF : yield* waitBarrier(thread, barrier, member, timeout);
}

/** syncDestroy(object) */
export function* syncDestroy(thread: number, handle: number): Code<number> {
  const rep = yield* findSync(thread, handle);
  return rep === 0 ? ERROR.EBADF : yield* destroySync(thread, rep);
}
