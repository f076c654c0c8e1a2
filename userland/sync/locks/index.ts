/** The kinds of lock, in the order in which they are listed. */
import { futexMutex } from './futex-mutex.ts';
import type { LockKind } from './lock.ts';
import { mcsLock } from './mcs.ts';
import { testAndSetLock } from './test-and-set.ts';

export { FutexMutex } from './futex-mutex.ts';
export type { Lock, LockKind } from './lock.ts';
export { McsLock } from './mcs.ts';
export { TestAndSetLock } from './test-and-set.ts';

export const LOCKS: readonly LockKind[] = [testAndSetLock, mcsLock, futexMutex];
