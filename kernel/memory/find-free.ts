/**
 * Whether a block that bears the mark of a free one is free: it is searched in every list where it could be. Never wrong
 * when it says yes, since a live block may bear the mark, too, because somebody wrote just that word; it may miss a
 * block that is on its way from one list to another.
 *
 * *Locking:* the lists of other harts are read without a lock. What was seen counts if no block has left a list of that
 * hart meanwhile, for then every link was one. A hart counts what leaves when it is in the list no more, and before
 * anybody can write into it: whoever still sees the list as it was, and then what was written, sees the count change.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { pageOf, type PageRequest } from './heap-page.ts';
import { BATCH, CACHE, FREE_BLOCK, HART_HEAP, HEAP_BATCHES } from './layout.ts';
import { HEAP_MODE, HEAP_PAGE, POOL, SMALLEST_BLOCK } from './layout.ts';
import { lockSingle, singleCache, unlockSingle } from './single-pool.ts';
import { classOf } from './size-class.ts';

/** No list is longer, unless it is none. */
const LONGEST = 256;
/** How often the lists of a hart are read that change meanwhile. */
const MOST_LOOKS = 16;

/** What a free block has in its fourth word. */
export const freeMark = (block: number): number => 0x46524545 ^ block;

/** What is looked for, and where memory ends. */
interface Sought extends PageRequest {
  readonly block: number;
  readonly end: number;
}

/** Whether a block that bears the mark is in a free list. */
export function* isFree(local: number, request: PageRequest, block: number): Code<boolean> {
  const end = (yield load(local + HART.memoryPerNode)) * (yield load(local + HART.nodes));
  const sought = { ...request, block, end };
  const mode = yield load(local + HART.heap + HART_HEAP.mode);
  if ((mode & HEAP_MODE.single) !== 0) {
    if (yield* inSingleCache(mode, sought)) return true;
  } else {
    const harts = yield load(local + HART.harts);
    for (let hart = 0; hart < harts; hart += 1) {
      if (yield* onHart(yield* localOf(local, hart), sought)) return true;
    }
  }
  return yield* inPool(sought);
}

// DOC: find-on-hart
function* onHart(other: number, sought: Sought): Code<boolean> {
  const heap = other + HART.heap;
  const cache = classOf(sought.size) * CACHE.SIZE;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const taken = yield load(heap + HART_HEAP.taken);
    const moved = yield load(heap + HART_HEAP.moved);
    const found =
      (yield* inCache(heap + HART_HEAP.caches + cache, sought)) ||
      (yield* inCache(heap + HART_HEAP.ownCaches + cache, sought)) ||
      (yield* inBatches(heap + HART_HEAP.batches, sought));
    const settled =
      taken === (yield load(heap + HART_HEAP.taken)) && moved === (yield load(heap + HART_HEAP.moved));
    if (settled) return found;
  }
  return false;
}

function* inCache(cache: number, sought: Sought): Code<boolean> {
  return (
    (yield* inList(yield load(cache + CACHE.head), sought)) ||
    (yield* inList(yield load(cache + CACHE.spare), sought))
  );
}

function* inBatches(batches: number, sought: Sought): Code<boolean> {
  for (let place = batches; place < batches + HEAP_BATCHES * BATCH.SIZE; place += BATCH.SIZE) {
    if ((yield load(place + BATCH.pool)) !== sought.pool) continue;
    if (yield* inList(yield load(place + BATCH.head), sought)) return true;
  }
  return false;
}

function* inSingleCache(mode: number, sought: Sought): Code<boolean> {
  yield* lockSingle(mode);
  const found = yield* inCache(singleCache(classOf(sought.size)), sought);
  yield* unlockSingle(mode);
  return found;
}

function* inPool(sought: Sought): Code<boolean> {
  const { pool, owner, block } = sought;
  if (owner === 0) yield* acquire(pool + POOL.lock);
  let found = yield* inList(yield load(pageOf(block) + HEAP_PAGE.free), sought);
  for (let list = yield load(pool + POOL.lists); list !== 0 && !found; ) {
    found = yield* inList(list, sought);
    list = yield load(list + FREE_BLOCK.nextList);
  }
  if (owner === 0) yield* release(pool + POOL.lock);
  return found;
}

/** A list that changes under the walk may lead to anything that somebody wrote: only addresses are followed. */
function* inList(list: number, { block, end }: Sought): Code<boolean> {
  let at = list;
  for (let length = 0; length < LONGEST; length += 1) {
    if (at === block) return true;
    if (at <= 0 || at >= end || at % SMALLEST_BLOCK !== 0) return false;
    at = yield load(at + FREE_BLOCK.next);
  }
  return false;
}
