/** The kinds of lock, in the order in which they are listed. */
import { andersonLock, andersonPackedLock } from './anderson.ts';
import { exponentialBackoffLock, linearBackoffLock } from './backoff.ts';
import { clhLock } from './clh.ts';
import { futexMutex } from './futex-mutex.ts';
import { kernelMutex } from './kernel-mutex.ts';
import { kernelRwlock } from './kernel-rwlock.ts';
import type { LockKind, SharedLock } from './lock.ts';
import { mcsSwapLock } from './mcs-swap.ts';
import { mcsLock } from './mcs.ts';
import { centralSharedLock } from './shared.ts';
import { distributedSharedLock } from './shared-distributed.ts';
import { spinOnReadLock } from './spin-on-read.ts';
import { spinThenBlockLock, spinThenKernelMutex } from './spin-then-block.ts';
import { staticDelayLock } from './static-delay.ts';
import { testAndSetLock } from './test-and-set.ts';
import { ticketBackoffLock } from './ticket-backoff.ts';
import { ticketLock } from './ticket.ts';

export { FutexMutex } from './futex-mutex.ts';
export type { Lock, LockKind, SharedLock } from './lock.ts';
export { McsLock } from './mcs.ts';
export { TestAndSetLock } from './test-and-set.ts';

/** Those that many can hold together to read. */
export const SHARED_LOCKS: readonly LockKind<SharedLock>[] = [centralSharedLock, distributedSharedLock];

export const LOCKS: readonly LockKind[] = [
  testAndSetLock,
  spinOnReadLock,
  staticDelayLock,
  linearBackoffLock,
  exponentialBackoffLock,
  ticketLock,
  ticketBackoffLock,
  andersonLock,
  andersonPackedLock,
  mcsLock,
  mcsSwapLock,
  clhLock,
  ...SHARED_LOCKS,
  futexMutex,
  spinThenBlockLock,
  kernelMutex,
  spinThenKernelMutex,
  kernelRwlock,
];
