/**
 * With `kernel.heap=global` all harts share one set of caches, on node 0, under one lock: as good a single pool as can be
 * had with the same lists and pages beneath. The lock is an MCS lock, or with `global-spin` a spin lock, to see how much
 * of what it costs is the lock's fault.
 */
import type { Code } from '../../hw/isa/index.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { acquireSpin, releaseSpin } from '../locks/spin.ts';
import { CACHE, HEAP_MODE, NODE_HEAP, POOL } from './layout.ts';

const HEAP = GLOBAL + NODE_BLOCK.heap;
const LOCK = HEAP + NODE_HEAP.lock;

/** The cache of a class, and the pool beneath it. */
export const singleCache = (number: number): number => HEAP + NODE_HEAP.caches + number * CACHE.SIZE;
export const singlePool = (number: number): number => HEAP + NODE_HEAP.pools + number * POOL.SIZE;

export const lockSingle = (mode: number): Code =>
  (mode & HEAP_MODE.spin) === 0 ? acquire(LOCK) : acquireSpin(LOCK);

export const unlockSingle = (mode: number): Code =>
  (mode & HEAP_MODE.spin) === 0 ? release(LOCK) : releaseSpin(LOCK);
