/**
 * The kernel heap, in three layers (McKenney and Slingwine, USENIX 1993; Tornado and K42): free blocks at hand of each
 * hart (cache.ts), whole lists and pages of each node (pool.ts), page frames (heap-page.ts). A hart takes and gives
 * without a lock; blocks of another node go home in batches (batch.ts). ADR 17 walks through it.
 *
 * Three interfaces against false sharing: `allocateLocal` for what only this hart uses and frees, `allocate` for what
 * several use (padded to whole cache lines), `allocateGlobal` for small things that are seldom written. Each gives a
 * zeroed block near the hart whose HART is `home`, or 0 if memory is out.
 *
 * *Locking:* see layout.ts. With `kernel.heap=global` all harts share one set of caches (single-pool.ts).
 */
import { type Code, fetchAndStore, load, MARK, mark, panic, store, zeroLine } from '../../hw/isa/index.ts';
import { HART, localBase } from '../hart-local.ts';
import { NODE_BLOCK, NODE_BLOCK_OFFSET } from '../layout.ts';
import { PANIC } from '../panics.ts';
import { giveAway } from './batch.ts';
import { count, giveBlock, takeBlock } from './cache.ts';
import { beginUse, drawRedZone, endUse, RED_ZONE_BYTES, SMALLEST_CHECKED } from './checks.ts';
import { pageOf, pageOfBlock, type PageRequest } from './heap-page.ts';
import {
  CACHE,
  FREE_BLOCK,
  freeMark,
  HART_HEAP,
  HEAP_MODE,
  HEAP_PAGE,
  NODE_HEAP,
  POOL,
  SMALLEST_BLOCK,
} from './layout.ts';
import { putList, takeList, takeListThere } from './pool.ts';
import { lockSingle, singleCache, singlePool, unlockSingle } from './single-pool.ts';
import { blockSize, classOf, LARGEST_BLOCK } from './size-class.ts';

/** Takes a block that shares no cache line with another one. Any hart may use and free it. */
export function* allocate(home: number, bytes: number): Code<number> {
  return yield* take(home, bytes, yield load(home + HART.line), false);
}

/** Takes a block that may share a line with blocks that other harts use. Any hart may use and free it. */
export function* allocateGlobal(home: number, bytes: number): Code<number> {
  return yield* take(home, bytes, SMALLEST_BLOCK, false);
}

/** Takes a block that only this hart may use and free; it shares lines with other such blocks only. */
export function* allocateLocal(bytes: number): Code<number> {
  return yield* take(yield* localBase(), bytes, SMALLEST_BLOCK, true);
}

// DOC: heap-take
function* take(home: number, bytes: number, least: number, isOwn: boolean): Code<number> {
  const local = yield* localBase();
  const mode = yield load(local + HART.heap + HART_HEAP.mode);
  const isChecked = (mode & HEAP_MODE.checked) !== 0;
  const size = isChecked
    ? blockSize(bytes + RED_ZONE_BYTES, Math.max(least, SMALLEST_CHECKED))
    : blockSize(bytes, least);
  if (size > LARGEST_BLOCK) yield panic(PANIC.blockTooLarge);
  yield mark(MARK.allocatorEntered);
  const block = yield* takeFrom(local, home, { size, mode, isOwn });
  if (block !== 0) {
    if (isChecked) yield* beginUse(pageOf(block), block, size);
    yield mark(MARK.allocated, block, bytes);
    yield* zero(local, block, size);
    if (isChecked) yield* drawRedZone(block, size, bytes);
  }
  yield mark(MARK.allocatorLeft);
  return block;
}

interface Wanted {
  readonly size: number;
  readonly mode: number;
  readonly isOwn: boolean;
}

function* takeFrom(local: number, home: number, { size, mode, isOwn }: Wanted): Code<number> {
  const number = classOf(size);
  const poisoned = (mode & HEAP_MODE.checked) !== 0;
  if ((mode & HEAP_MODE.single) !== 0) {
    const request = { pool: singlePool(number), size, owner: 0, poisoned };
    yield* lockSingle(mode);
    const block = yield* takeBlock(local, singleCache(number), request);
    yield* unlockSingle(mode);
    return block;
  }
  const heap = local + HART.heap;
  if (isOwn) {
    const pool = heap + HART_HEAP.ownPools + number * POOL.SIZE;
    const cache = heap + HART_HEAP.ownCaches + number * CACHE.SIZE;
    return yield* takeBlock(local, cache, { pool, size, owner: local, poisoned });
  }
  const node = yield load(home + HART.nodeBlock);
  const request = { pool: poolOn(node, number), size, owner: 0, poisoned };
  const block =
    node === (yield load(local + HART.nodeBlock))
      ? yield* takeBlock(local, heap + HART_HEAP.caches + number * CACHE.SIZE, request)
      : yield* takeOne(local, request, yield* takeList(home, request));
  return block !== 0 ? block : yield* borrow(local, home, request);
}

/** The pool of a class on the node whose block is given. */
const poolOn = (nodeBlock: number, number: number): number =>
  nodeBlock + NODE_BLOCK.heap + NODE_HEAP.pools + number * POOL.SIZE;

/** The first block of a list that was taken from another node's pool; the others go back at once. */
function* takeOne(local: number, request: PageRequest, list: number): Code<number> {
  if (list === 0) return 0;
  const rest = yield load(list + FREE_BLOCK.next);
  if (rest !== 0) {
    yield store(rest + FREE_BLOCK.count, (yield load(list + FREE_BLOCK.count)) - 1);
    yield* putList(local, request, rest);
  }
  yield* count(local, HART_HEAP.taken);
  return list;
}

/** No frame is left anywhere: a block of another node's pool, nearest numbers first. */
function* borrow(local: number, home: number, request: PageRequest): Code<number> {
  const nodes = yield load(local + HART.nodes);
  const memoryPerNode = yield load(local + HART.memoryPerNode);
  const first = yield load(home + HART.node);
  for (let distance = 1; distance < nodes; distance += 1) {
    const nodeBlock = ((first + distance) % nodes) * memoryPerNode + NODE_BLOCK_OFFSET;
    const there = { ...request, pool: poolOn(nodeBlock, classOf(request.size)) };
    const block = yield* takeOne(local, there, yield* takeListThere(there));
    if (block !== 0) return block;
  }
  return 0;
}

function* zero(local: number, block: number, size: number): Code {
  const line = yield load(local + HART.line);
  if (size < line) for (let offset = 0; offset < size; offset += 4) yield store(block + offset, 0);
  else for (let offset = 0; offset < size; offset += line) yield zeroLine(block + offset);
}

// DOC: heap-free
/** Gives a block back. What is no block, or is free already, or is another hart's alone, stops the kernel. */
export function* free(block: number): Code {
  yield mark(MARK.freed, block);
  yield mark(MARK.allocatorEntered);
  const local = yield* localBase();
  const mode = yield load(local + HART.heap + HART_HEAP.mode);
  const page = yield* pageOfBlock(block);
  const request = {
    pool: yield load(page + HEAP_PAGE.pool),
    size: yield load(page + HEAP_PAGE.size),
    owner: yield load(page + HEAP_PAGE.owner),
    poisoned: (mode & HEAP_MODE.checked) !== 0,
  };
  if (request.owner !== 0 && request.owner !== local) yield panic(PANIC.freedElsewhere);
  if (request.poisoned) yield* endUse(page, block, request.size);
  // One access, so that of two harts that free a block at once the second one sees the mark of the first.
  const before = yield fetchAndStore(block + FREE_BLOCK.mark, freeMark(block));
  if (before === freeMark(block)) yield panic(PANIC.freedTwice);
  yield* count(local, HART_HEAP.given);
  yield* give(local, mode, request, block);
  yield mark(MARK.allocatorLeft);
}

function* give(local: number, mode: number, request: PageRequest, block: number): Code {
  const number = classOf(request.size);
  if ((mode & HEAP_MODE.single) !== 0) {
    yield* lockSingle(mode);
    yield* giveBlock(local, singleCache(number), request, block);
    yield* unlockSingle(mode);
    return;
  }
  const heap = local + HART.heap;
  if (request.owner !== 0) {
    yield* giveBlock(local, heap + HART_HEAP.ownCaches + number * CACHE.SIZE, request, block);
  } else if (request.pool === poolOn(yield load(local + HART.nodeBlock), number)) {
    yield* giveBlock(local, heap + HART_HEAP.caches + number * CACHE.SIZE, request, block);
  } else {
    yield* giveAway(local, request, block);
  }
}
