/**
 * The second layer of the kernel heap: the blocks of one size of a node, in whole lists, and the pages beneath.
 * Blocks come and go a list at a time, so that the lock is taken once for many of them.
 *
 * *Locking:* the pool's MCS lock, but for a hart's own pool, which nobody else touches. It is not held while a frame is
 * taken or given back. (A spin lock is one cycle cheaper, and four times slower when 16 harts on one bus want it.)
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { STEP } from '../steps.ts';
import { lockedInsertFirst, lockedPutBlock, lockedTakeBlock, makePage } from './heap-page.ts';
import { type PageRequest, releasePage } from './heap-page.ts';
import { FREE_BLOCK, HEAP_PAGE, POOL } from './layout.ts';
import { listLength } from './size-class.ts';

/** Lists that a pool keeps for each hart of its node; blocks of further ones go back to their pages. */
const LISTS_PER_HART = 2;

const lock = ({ pool, owner }: PageRequest): Code => (owner === 0 ? acquire(pool + POOL.lock) : nothing());
const unlock = ({ pool, owner }: PageRequest): Code => (owner === 0 ? release(pool + POOL.lock) : nothing());

function* nothing(): Code {}

// DOC: take-list
/** Takes a list of free blocks, of a new page if there is none; gives its first block, or 0 if memory is out. */
export function* takeList(home: number, request: PageRequest): Code<number> {
  const list = yield* takeListThere(request);
  if (list !== 0) return list;
  const page = yield* step(STEP.heapPage, request.pool, makePage(home, request));
  if (page === 0) return 0;
  yield* lock(request);
  yield* lockedInsertFirst(request.pool, page);
  const first = yield* lockedTakeList(request);
  yield* unlock(request);
  return first;
}

/** Takes a list of free blocks that the pool has; gives 0 if it has none. */
export function* takeListThere(request: PageRequest): Code<number> {
  yield* lock(request);
  const list = yield* lockedTakeList(request);
  yield* unlock(request);
  return list;
}

function* lockedTakeList({ pool, size }: PageRequest): Code<number> {
  const list = yield load(pool + POOL.lists);
  if (list === 0) return yield* lockedCollect(pool, size);
  yield store(pool + POOL.lists, yield load(list + FREE_BLOCK.nextList));
  yield store(pool + POOL.listCount, (yield load(pool + POOL.listCount)) - 1);
  return list;
}

/** Makes a list of the free blocks of the first page: pages with few in use are left to become free. */
function* lockedCollect(pool: number, size: number): Code<number> {
  const page = yield load(pool + POOL.firstPage);
  const there = page === 0 ? 0 : yield load(page + HEAP_PAGE.freeCount);
  const count = Math.min(there, listLength(size));
  let list = 0;
  for (let index = 0; index < count; index += 1) {
    const block = yield* lockedTakeBlock(pool, page, size);
    yield store(block + FREE_BLOCK.next, list);
    list = block;
  }
  if (list !== 0) yield store(list + FREE_BLOCK.count, count);
  return list;
}

// DOC: put-list
/** Gives a list of free blocks to the pool that they are of. Pages that become free go back to their nodes. */
export function* putList(local: number, request: PageRequest, list: number): Code {
  const most = LISTS_PER_HART * (yield load(local + HART.hartsPerNode));
  yield* lock(request);
  const pages = yield* lockedPutList(request.pool, list, most);
  yield* unlock(request);
  for (let page = pages; page !== 0; ) {
    const next = yield load(page + HEAP_PAGE.next);
    yield* releasePage(local, page);
    page = next;
  }
}

/** Gives the pages that became free, linked. */
function* lockedPutList(pool: number, list: number, most: number): Code<number> {
  const lists = yield load(pool + POOL.listCount);
  if (lists < most) {
    yield store(list + FREE_BLOCK.nextList, yield load(pool + POOL.lists));
    yield store(pool + POOL.lists, list);
    yield store(pool + POOL.listCount, lists + 1);
    return 0;
  }
  let pages = 0;
  for (let block = list; block !== 0; ) {
    const next = yield load(block + FREE_BLOCK.next);
    const page = yield* lockedPutBlock(pool, block);
    if (page !== 0) {
      yield store(page + HEAP_PAGE.next, pages);
      pages = page;
    }
    block = next;
  }
  return pages;
}
