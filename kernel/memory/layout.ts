/**
 * Layouts of the kernel heap (heap.ts). From the top down: a hart's caches of free blocks, the pool of a node,
 * the pages of the pool.
 *
 * *Locking:*
 *   CACHE, BATCH            the hart that they belong to (with one pool for all: HEAP lock of node 0)
 *   POOL                    its `lock`; a hart's own pools need none
 *   HEAP_PAGE facts         not written while the page belongs to the heap
 *   HEAP_PAGE next … fresh  the lock of the page's pool
 *   HEAP_PAGE inUse         compare-and-swap
 */
import { onLine, struct, word, words } from '../struct.ts';

/** Size of the smallest block: a free block has as many bytes of links. */
export const SMALLEST_BLOCK = 16;
/** Block sizes: 16 · 2^class bytes. */
export const HEAP_CLASSES = 8;
/** Batches of other nodes' blocks that a hart collects at once. */
export const HEAP_BATCHES = 8;

/**
 * A block while it is free. `nextList` and `count` mean something in the first block of a list only. What a block in use
 * has in the place of `mark` must be no word that a program can choose: bytes of its choice begin at USER_BYTES.
 */
export const FREE_BLOCK = struct({
  next: word,
  /** The next whole list of a pool. */
  nextList: word,
  /** Blocks of the list. */
  count: word,
  /** Says that the block is free (freeMark). */
  mark: word,
});

// DOC: free-mark
/** What a free block has as its `mark`: negative and odd, as no address, count or number is. */
export const freeMark = (block: number): number => (0xc6524545 | 0) ^ block;

/** Where in a block bytes may begin that a program chooses. */
export const USER_BYTES = FREE_BLOCK.SIZE;

/** Free blocks of one size at hand: a list of `count` blocks, and one more list that is whole. */
export const CACHE = struct({ head: word, count: word, spare: word, reserved: word });

/** Blocks of another node that wait to go home together. */
export const BATCH = struct({ pool: word, head: word, count: word, reserved: word });

/** All blocks of one size of a node, or of a hart's own. All words zero is an empty pool. */
export const POOL = struct({
  lock: onLine(),
  /** Whole lists, linked through their first blocks. */
  lists: word,
  listCount: word,
  /** Pages of the pool: first those that have free blocks, then those that have none. */
  firstPage: word,
  lastPage: word,
  end: onLine(words(0)),
});

/** Header of a heap page: there are no tags between blocks, so a page is asked what its blocks are. */
export const HEAP_PAGE = struct({
  /** Says that this is a heap page, at this address. */
  mark: word,
  pool: word,
  /** HART of the only hart that may use its blocks; 0 if any may. */
  owner: word,
  size: word,

  next: onLine(),
  previous: word,
  /** Free blocks of the page that are in no list. */
  free: word,
  /** How many those are, and those that were never used. */
  freeCount: word,
  /** The first block that was never used. */
  fresh: word,

  /** In checked mode: a bit for each block that is in use. */
  inUse: onLine(words(8)),
  end: onLine(words(0)),
});

/** What lies in a node's block: its pools, and (used on node 0 only) the single pool's caches. */
export const NODE_HEAP = struct({
  pools: onLine(words((HEAP_CLASSES * POOL.SIZE) / 4)),
  lock: onLine(),
  caches: onLine(words((HEAP_CLASSES * CACHE.SIZE) / 4)),
  end: onLine(words(0)),
});

/** What lies in a HART. */
export const HART_HEAP = struct({
  /** Bits of HEAP_MODE. */
  mode: onLine(),
  /** Blocks that were handed out on this hart, and that it was given back. */
  taken: word,
  given: word,
  /** Caches of blocks that anybody may use, by class; of blocks of the hart's own, by class. */
  caches: onLine(words((HEAP_CLASSES * CACHE.SIZE) / 4)),
  ownCaches: onLine(words((HEAP_CLASSES * CACHE.SIZE) / 4)),
  batches: onLine(words((HEAP_BATCHES * BATCH.SIZE) / 4)),
  /** Pools of blocks of the hart's own. */
  ownPools: onLine(words((HEAP_CLASSES * POOL.SIZE) / 4)),
  end: onLine(words(0)),
});

/** How the heap works. */
export const HEAP_MODE = Object.freeze({
  /** One pool for all harts, with one lock. */
  single: 1,
  /** Blocks are poisoned while free, and end with a red zone. */
  checked: 2,
  /** The single pool's lock is a spin lock. */
  spin: 4,
});
