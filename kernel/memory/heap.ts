/**
 * The kernel heap: per hart, free lists of blocks of 64 · 2^class bytes, carved from page frames of its node.
 *
 * Blocks are aligned to their size, so two blocks never share a line. A page's first block holds its header,
 * which says to which hart it belongs: a block that another hart frees goes home. Pages are kept for ever.
 *
 * *Locking:* `heapLock` of the home hart guards its lists, page headers and count; the DSM's lock nests inside.
 */
import { type Code, load, MARK, mark, store, zeroLine } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { struct, word } from '../struct.ts';
import { allocateFrame } from '../vm/dsm.ts';

/** Header of a heap page. */
export const HEAP_PAGE = struct({ next: word, home: word, size: word });

/** Size of the smallest block. */
export const SMALLEST_BLOCK = 64;

/** Takes a zeroed block of at least `bytes` from the heap of the hart at `home`; gives 0 if memory is out. */
export function* allocate(home: number, bytes: number): Code<number> {
  const line = yield load(home + HART.line);
  let size = Math.max(SMALLEST_BLOCK, line);
  while (size < bytes) size *= 2;
  const list = home + HART.heapFree + 4 * (31 - Math.clz32(size / SMALLEST_BLOCK));
  yield* acquire(home + HART.heapLock);
  yield mark(MARK.allocatorEntered);
  let block = yield load(list);
  if (block === 0) {
    yield* lockedRefill(home, list, size);
    block = yield load(list);
  }
  if (block !== 0) {
    yield store(list, yield load(block));
    yield store(home + HART.heapLive, (yield load(home + HART.heapLive)) + 1);
    yield mark(MARK.allocated, block, size);
  }
  yield mark(MARK.allocatorLeft);
  yield* release(home + HART.heapLock);
  if (block !== 0) {
    for (let offset = 0; offset < size; offset += line) yield zeroLine(block + offset);
  }
  return block;
}

/** Gives a block back to the heap that it came from. */
export function* free(block: number): Code {
  const page = block & -PAGE_SIZE;
  const home = yield load(page + HEAP_PAGE.home);
  const size = yield load(page + HEAP_PAGE.size);
  const list = home + HART.heapFree + 4 * (31 - Math.clz32(size / SMALLEST_BLOCK));
  yield* acquire(home + HART.heapLock);
  yield mark(MARK.freed, block);
  yield mark(MARK.allocatorEntered);
  yield store(block, yield load(list));
  yield store(list, block);
  yield mark(MARK.allocatorLeft);
  yield store(home + HART.heapLive, (yield load(home + HART.heapLive)) - 1);
  yield* release(home + HART.heapLock);
}

/** Carves a new page into blocks of `size`. The list stays empty if there is no frame. */
function* lockedRefill(home: number, list: number, size: number): Code {
  const page = yield* allocateFrame(home, yield load(home + HART.node));
  if (page === 0) return;
  yield store(page + HEAP_PAGE.next, yield load(home + HART.heapPages));
  yield store(page + HEAP_PAGE.home, home);
  yield store(page + HEAP_PAGE.size, size);
  yield store(home + HART.heapPages, page);
  let head = 0;
  for (let block = page + PAGE_SIZE - size; block >= page + Math.max(size, SMALLEST_BLOCK); block -= size) {
    yield store(block, head);
    head = block;
  }
  yield store(list, head);
}
