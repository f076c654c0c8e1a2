/**
 * The first layer of the kernel heap: free blocks of one size at hand. A list is taken from and given to; beside it lies
 * a spare one, so that a hart that goes back and forth at the border of a list does not go to the pool each time.
 *
 * *Locking:* a hart's cache is its own, with interrupts masked. The single pool's are guarded by its lock.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { STEP } from '../steps.ts';
import type { PageRequest } from './heap-page.ts';
import { CACHE, FREE_BLOCK, HART_HEAP } from './layout.ts';
import { putList, takeList } from './pool.ts';
import { listLength } from './size-class.ts';

/** Counts an event on this hart, in a field of its HART_HEAP. */
export function* count(local: number, field: number): Code {
  const address = local + HART.heap + field;
  yield store(address, (yield load(address)) + 1);
}

// DOC: take-block
/** Takes a block; gives 0 if memory is out. */
export function* takeBlock(local: number, cache: number, request: PageRequest): Code<number> {
  let block = yield load(cache + CACHE.head);
  if (block === 0) {
    block = yield* refill(local, cache, request);
    if (block === 0) return 0;
  }
  yield store(cache + CACHE.head, yield load(block + FREE_BLOCK.next));
  yield store(cache + CACHE.count, (yield load(cache + CACHE.count)) - 1);
  yield* count(local, HART_HEAP.taken);
  return block;
}

/** Makes the spare list the one at hand, or a list of the pool; gives its first block, or 0. */
function* refill(local: number, cache: number, request: PageRequest): Code<number> {
  let list = yield load(cache + CACHE.spare);
  if (list === 0) {
    list = yield* step(STEP.heapRefill, request.pool, takeList(local, request));
    if (list === 0) return 0;
  } else {
    yield store(cache + CACHE.spare, 0);
  }
  yield store(cache + CACHE.head, list);
  yield store(cache + CACHE.count, yield load(list + FREE_BLOCK.count));
  return list;
}

// DOC: give-block
/** Puts a free block in. */
export function* giveBlock(local: number, cache: number, request: PageRequest, block: number): Code {
  let blocks = yield load(cache + CACHE.count);
  if (blocks >= listLength(request.size)) {
    yield* stow(local, cache, request, blocks);
    blocks = 0;
  }
  yield store(block + FREE_BLOCK.next, yield load(cache + CACHE.head));
  yield store(cache + CACHE.head, block);
  yield store(cache + CACHE.count, blocks + 1);
}

/** Makes the list at hand the spare one. A spare one that is there goes to the pool. */
function* stow(local: number, cache: number, request: PageRequest, blocks: number): Code {
  const list = yield load(cache + CACHE.head);
  const spare = yield load(cache + CACHE.spare);
  yield store(list + FREE_BLOCK.count, blocks);
  yield store(cache + CACHE.spare, list);
  yield store(cache + CACHE.head, 0);
  yield store(cache + CACHE.count, 0);
  if (spare !== 0) yield* step(STEP.heapReturn, request.pool, putList(local, request, spare));
}
