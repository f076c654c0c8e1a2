/**
 * Locks made of loads and stores alone, as one had to make them before machines had atomic instructions. They
 * cost more words, and more looks, the more threads there are; every thread needs a number; and they rest on
 * all harts seeing stores in one order, which a machine with store buffers does not give for nothing.
 */
import type { Code } from '../../../hw/isa/index.ts';

/** A lock for threads that are numbered from 0. Words that are all zero are a lock that nobody holds. */
export interface NumberedLock {
  /** Waits until no other thread holds the lock, then holds it. */
  acquire(me: number): Code;
  /** Lets another thread have the lock. */
  release(me: number): Code;
}

/** How such a lock is made. */
export interface NumberedLockOptions {
  /**
   * Whether a fence stands between what a thread announces and its look at the others (by default it does).
   * Without, the lock is the textbook's, and holds on sequentially consistent machines only.
   */
  readonly fences?: boolean;
}
