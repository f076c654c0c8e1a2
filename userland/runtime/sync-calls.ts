/**
 * System calls about synchronization objects of the kernel: mutexes, reader-writer locks, conditions, semaphores and
 * barriers. As those of system-calls.ts, each is one instruction.
 */
import { type Code, environmentCall } from '../../hw/isa/index.ts';
import { SYSCALL } from '../../kernel/abi/index.ts';

/**
 * Makes a mutex that nobody holds.
 * @returns a handle, good in this process, or an error
 */
export function* mutexCreate(): Code<number> {
  return yield environmentCall(SYSCALL.mutexCreate);
}

/**
 * Takes a mutex, first come, first served. `timeout` in cycles; 0: for ever; below 0: without waiting.
 * @returns 0, EOWNERDEAD (the caller has it, too), or an error
 */
export function* mutexLock(mutex: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.mutexLock, mutex, timeout);
}

/**
 * Gives a mutex up that the caller holds.
 * @returns 0, or an error
 */
export function* mutexUnlock(mutex: number): Code<number> {
  return yield environmentCall(SYSCALL.mutexUnlock, mutex);
}

/**
 * Makes a reader-writer lock. `harts` share a count of readers (0: as the kernel is configured).
 * @returns a handle, good in this process, or an error
 */
export function* rwlockCreate(harts: number): Code<number> {
  return yield environmentCall(SYSCALL.rwlockCreate, harts);
}

/**
 * Takes a lock together with others who read. `timeout` as for a mutex.
 * @returns 0, EOWNERDEAD (the caller has it, too), or an error
 */
export function* rwlockRead(rwlock: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.rwlockRead, rwlock, timeout);
}

/**
 * Takes a lock for the caller alone. `timeout` as for a mutex.
 * @returns 0, EOWNERDEAD (the caller has it, too), or an error
 */
export function* rwlockWrite(rwlock: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.rwlockWrite, rwlock, timeout);
}

/**
 * Gives a lock up that the caller holds, to read or to write.
 * @returns 0, or an error
 */
export function* rwlockUnlock(rwlock: number): Code<number> {
  return yield environmentCall(SYSCALL.rwlockUnlock, rwlock);
}

/**
 * After EOWNERDEAD: says that what the mutex or reader-writer lock guards is in order again.
 * @returns 0, or an error
 */
export function* lockConsistent(lock: number): Code<number> {
  return yield environmentCall(SYSCALL.lockConsistent, lock);
}

/**
 * Makes a condition variable.
 * @returns a handle, good in this process, or an error
 */
export function* conditionCreate(): Code<number> {
  return yield environmentCall(SYSCALL.conditionCreate);
}

/**
 * Gives the mutex up, waits to be woken, and takes the mutex again. `timeout` as for a mutex.
 * @returns 0, or an error: after ETIMEDOUT, too, the caller holds the mutex
 */
export function* conditionWait(condition: number, mutex: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.conditionWait, condition, mutex, timeout);
}

/**
 * Wakes up to so many threads that wait, the longest waiting first.
 * @returns how many threads were woken, or an error
 */
export function* conditionWake(condition: number, count: number): Code<number> {
  return yield environmentCall(SYSCALL.conditionWake, condition, count);
}

/**
 * Makes a semaphore with a value.
 * @returns a handle, good in this process, or an error
 */
export function* semaphoreCreate(value: number): Code<number> {
  return yield environmentCall(SYSCALL.semaphoreCreate, value);
}

/**
 * Takes one from the value when it is above 0. `timeout` as for a mutex.
 * @returns 0, or an error
 */
export function* semaphoreWait(semaphore: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.semaphoreWait, semaphore, timeout);
}

/**
 * Gives so many to those who wait, and the rest to the value.
 * @returns 0, or an error
 */
export function* semaphorePost(semaphore: number, count: number): Code<number> {
  return yield environmentCall(SYSCALL.semaphorePost, semaphore, count);
}

/**
 * Makes a barrier for so many members. `harts` share a leaf of its tree (0: as the kernel is configured).
 * @returns a handle, good in this process, or an error
 */
export function* barrierCreate(members: number, harts: number): Code<number> {
  return yield environmentCall(SYSCALL.barrierCreate, members, harts);
}

/**
 * A member, by its number from 0 up, arrives and waits until all have. `timeout` as for a mutex.
 * @returns 0, or an error: after ETIMEDOUT it has not arrived
 */
export function* barrierWait(barrier: number, member: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.barrierWait, barrier, member, timeout);
}

/**
 * Destroys a synchronization object that nobody holds or waits for.
 * @returns 0, or an error
 */
export function* syncDestroy(object: number): Code<number> {
  return yield environmentCall(SYSCALL.syncDestroy, object);
}
