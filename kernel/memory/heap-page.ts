/**
 * The pages of a pool: a doubly linked list, with the pages that have free blocks first. A page is cut lazily: blocks
 * above `fresh` were never used. They bear the mark of free blocks from the beginning, as all that nobody has.
 *
 * *Locking:* the pool's lock, for everything that begins with `locked`.
 */
import { type Code, load, panic, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { PANIC } from '../panics.ts';
import { allocateFrame, releaseFrame } from '../vm/dsm.ts';
import { poisonPage } from './checks.ts';
import { FREE_BLOCK, freeMark, HEAP_PAGE, POOL } from './layout.ts';
import { firstBlock } from './size-class.ts';

/** What a header begins with, mixed with its address, so that a copy of a page is no heap page. */
const PAGE_MARK = 0x48454150;

/** The mark that the header of a heap page at this address has. */
export const pageMark = (page: number): number => PAGE_MARK ^ page;

/** The page of a block. */
export const pageOf = (block: number): number => block & -PAGE_SIZE;

/** The page of a block that is being freed; whatever is no block of the heap stops the kernel. */
export function* pageOfBlock(block: number): Code<number> {
  const page = pageOf(block);
  if (block <= 0 || (yield load(page + HEAP_PAGE.mark)) !== pageMark(page)) yield panic(PANIC.foreignBlock);
  const size = yield load(page + HEAP_PAGE.size);
  if (block % size !== 0 || block - page < firstBlock(size)) yield panic(PANIC.foreignBlock);
  return page;
}

/** What a page is to be. */
export interface PageRequest {
  readonly pool: number;
  readonly size: number;
  /** HART of the only hart that may use the blocks, or 0. */
  readonly owner: number;
  /** Whether free blocks are poisoned. */
  readonly poisoned: boolean;
}

/** Makes a page from a frame of the node of the hart at `home`, or of a neighbour; gives 0 if memory is out. */
export function* makePage(home: number, { pool, size, owner, poisoned }: PageRequest): Code<number> {
  const page = yield* allocateFrame(home, yield load(home + HART.node));
  if (page === 0) return 0;
  if (poisoned) yield* poisonPage(page);
  yield store(page + HEAP_PAGE.mark, pageMark(page));
  yield store(page + HEAP_PAGE.pool, pool);
  yield store(page + HEAP_PAGE.owner, owner);
  yield store(page + HEAP_PAGE.size, size);
  yield store(page + HEAP_PAGE.free, 0);
  yield store(page + HEAP_PAGE.freeCount, blocksOf(size));
  yield store(page + HEAP_PAGE.fresh, page + firstBlock(size));
  for (let block = page + firstBlock(size); block < page + PAGE_SIZE; block += size)
    yield store(block + FREE_BLOCK.mark, freeMark(block));
  return page;
}

/** Gives a page that is in no list back to its node. */
export function* releasePage(local: number, page: number): Code {
  yield store(page + HEAP_PAGE.mark, 0);
  yield* releaseFrame(local, page);
}

/** Blocks of a page. */
export const blocksOf = (size: number): number => (PAGE_SIZE - firstBlock(size)) / size;

/** Takes a free block of a page, which has one. */
export function* lockedTakeBlock(pool: number, page: number, size: number): Code<number> {
  let block = yield load(page + HEAP_PAGE.free);
  if (block !== 0) {
    yield store(page + HEAP_PAGE.free, yield load(block + FREE_BLOCK.next));
  } else {
    block = yield load(page + HEAP_PAGE.fresh);
    yield store(page + HEAP_PAGE.fresh, block + size);
  }
  const left = (yield load(page + HEAP_PAGE.freeCount)) - 1;
  yield store(page + HEAP_PAGE.freeCount, left);
  if (left === 0) {
    yield* lockedUnlink(pool, page);
    yield* lockedInsertLast(pool, page);
  }
  return block;
}

/** Puts a block back into its page. Gives the page if it is all free now, taken from the pool; 0 otherwise. */
export function* lockedPutBlock(pool: number, block: number): Code<number> {
  const page = pageOf(block);
  yield store(block + FREE_BLOCK.next, yield load(page + HEAP_PAGE.free));
  yield store(page + HEAP_PAGE.free, block);
  const count = (yield load(page + HEAP_PAGE.freeCount)) + 1;
  yield store(page + HEAP_PAGE.freeCount, count);
  const isWhole = count === blocksOf(yield load(page + HEAP_PAGE.size));
  if (isWhole || count === 1) yield* lockedUnlink(pool, page);
  if (isWhole) return page;
  if (count === 1) yield* lockedInsertFirst(pool, page);
  return 0;
}

/** Links a page in as the first. */
export function* lockedInsertFirst(pool: number, page: number): Code {
  const first = yield load(pool + POOL.firstPage);
  yield store(page + HEAP_PAGE.next, first);
  yield store(page + HEAP_PAGE.previous, 0);
  yield store(first === 0 ? pool + POOL.lastPage : first + HEAP_PAGE.previous, page);
  yield store(pool + POOL.firstPage, page);
}

function* lockedInsertLast(pool: number, page: number): Code {
  const last = yield load(pool + POOL.lastPage);
  yield store(page + HEAP_PAGE.next, 0);
  yield store(page + HEAP_PAGE.previous, last);
  yield store(last === 0 ? pool + POOL.firstPage : last + HEAP_PAGE.next, page);
  yield store(pool + POOL.lastPage, page);
}

function* lockedUnlink(pool: number, page: number): Code {
  const next = yield load(page + HEAP_PAGE.next);
  const previous = yield load(page + HEAP_PAGE.previous);
  yield store(previous === 0 ? pool + POOL.firstPage : previous + HEAP_PAGE.next, next);
  yield store(next === 0 ? pool + POOL.lastPage : next + HEAP_PAGE.previous, previous);
}
