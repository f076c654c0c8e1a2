/**
 * What every lock looks like: a view on words of emulated memory, made wherever it is needed.
 *
 * Words that are all zero are a lock that nobody holds, so a lock in fresh memory needs no preparation.
 */
import type { Code } from '../../../hw/isa/index.ts';
import type { Placement } from '../placement.ts';

/** A mutual-exclusion lock. */
export interface Lock {
  /**
   * Waits until no other thread holds the lock, then holds it.
   * @param node address of `nodeSize` bytes that are this thread's own until it has released the lock
   */
  acquire(node: number): Code;
  /**
   * Lets the next thread have the lock.
   * @param node the address that was given to `acquire`
   */
  release(node: number): Code;
}

/** A lock that many may hold together to read; `acquire` and `release` are for those who write. */
export interface SharedLock extends Lock {
  /**
   * Waits until nobody writes, then holds the lock together with others who read.
   * @param reader which thread reads: 0 up to their number
   */
  acquireShared(reader: number): Code;
  /** @param reader the number that was given to `acquireShared` */
  releaseShared(reader: number): Code;
}

/** One kind of lock: how much memory it takes, what it promises, and its view. */
export interface LockKind<L extends Lock = Lock> {
  readonly id: string;
  readonly summary: string;
  /** Whether threads get the lock in the order in which they asked for it. */
  readonly fifo: boolean;
  /** Whether a waiter gives up its hart, which takes a kernel. */
  readonly blocking: boolean;
  /** Bytes of the lock itself, for so many threads. */
  size(threads: number): number;
  /** Bytes that each thread brings along, zero at first; 0 if it brings nothing. */
  readonly nodeSize: number;
  /** Whether a node belongs to the lock for good once it was used with it, and is not the thread's own again. */
  readonly keepsNodes?: boolean;
  /**
   * The lock at an address (a multiple of 4; of LINE to share its line with nothing).
   * @param slots where a line for each slot lies, if the kind has slots, and they are not to follow the lock
   */
  at(address: number, threads: number, slots?: Placement): L;
}
