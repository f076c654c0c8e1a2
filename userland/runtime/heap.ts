/**
 * A heap in emulated memory: `malloc` and `free` with size classes, for all threads of a process.
 *
 * Free blocks of one size class are chained through their first words, as in Kernighan & Ritchie's and every
 * later allocator. A page serves one class and says which in its first word, so `free` needs no size; larger
 * blocks are mappings of their own. Blocks of a line or more begin on a line: two of them never share one.
 *
 * Locking: one blocking mutex guards the heads, the chains and the unused pages. Simplification: a page
 * never changes its class, and small blocks of different threads may share a line.
 */
import { type Code, load, MARK, mark, store } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { FutexMutex } from '../sync/locks/futex-mutex.ts';
import { LINE, roundUp } from './line.ts';
import { orThrow } from './system-call-error.ts';
import { mmap, munmap } from './system-calls.ts';

const NIL = 0;
/** Sizes of small blocks, in bytes. */
const CLASSES = [16, 32, 64, 128, 256, 512, 1024, 1984] as const;
/** Bytes mapped at a time for small blocks; a page is not backed by a frame until it is touched. */
const CHUNK = 64 * LIMIT.PAGE;

/** The heap's own words. The lock lies in a line apart from what it guards. */
const HEAP = { LOCK: 0, UNUSED: LINE, END: LINE + 4, HEADS: LINE + 8 } as const;
/** The first words of a page: the block size, or for a mapping of its own its whole length. */
const PAGE = { SIZE: 0, BLOCKS: LINE } as const;

export class Heap {
  /** Address of the heap's own words: what one thread passes to another. */
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  /**
   * Makes an empty heap.
   * @throws SystemCallError when no memory can be mapped
   */
  static *create(): Code<Heap> {
    const first = orThrow('mmap', yield* mmap(0, CHUNK, MAP.READ | MAP.WRITE, 0));
    yield store(first + HEAP.UNUSED, first + LIMIT.PAGE);
    yield store(first + HEAP.END, first + CHUNK);
    return new Heap(first);
  }

  // DOC: malloc
  /**
   * Allocates a block, aligned to its size class (to a line from 64 bytes up). Its content is undefined.
   * @param size bytes
   * @returns its address, or 0 when there is no memory
   */
  *malloc(size: number): Code<number> {
    const sizeClass = CLASSES.findIndex((bytes) => size <= bytes);
    if (sizeClass < 0) return yield* mallocPages(size);
    const mutex = new FutexMutex(this.address + HEAP.LOCK);
    yield* mutex.acquire();
    yield mark(MARK.allocatorEntered);
    const block = yield* this.lockedTake(sizeClass);
    yield mark(MARK.allocatorLeft);
    if (block !== NIL) yield mark(MARK.allocated, block, size);
    yield* mutex.release();
    return block;
  }

  /**
   * Frees a block that `malloc` gave.
   * @throws RangeError when the address lies in no block of a heap
   */
  *free(block: number): Code {
    const page = block & -LIMIT.PAGE;
    const size = yield load(page + PAGE.SIZE);
    const sizeClass = CLASSES.findIndex((bytes) => bytes === size);
    if (sizeClass < 0) return yield* freePages(block, size);
    if ((block - page - PAGE.BLOCKS) % size !== 0)
      throw new RangeError(`free: ${block} is not the start of a block`);
    const mutex = new FutexMutex(this.address + HEAP.LOCK);
    yield* mutex.acquire();
    yield mark(MARK.freed, block);
    yield mark(MARK.allocatorEntered);
    yield* lockedPush(this.head(sizeClass), block);
    yield mark(MARK.allocatorLeft);
    yield* mutex.release();
  }

  /** Address of the word that points to the first free block of a class. */
  private head(sizeClass: number): number {
    return this.address + HEAP.HEADS + 4 * sizeClass;
  }

  private *lockedTake(sizeClass: number): Code<number> {
    const head = this.head(sizeClass);
    let block = yield load(head);
    if (block === NIL) {
      if (!(yield* this.lockedRefill(sizeClass))) return NIL;
      block = yield load(head);
    }
    yield store(head, yield load(block));
    return block;
  }

  /** Cuts a fresh page into blocks of one class. Gives false when there is no memory. */
  private *lockedRefill(sizeClass: number): Code<boolean> {
    const page = yield* this.lockedTakePage();
    if (page === NIL) return false;
    const size = CLASSES[sizeClass] as number;
    yield store(page + PAGE.SIZE, size);
    for (let block = page + PAGE.BLOCKS; block + size <= page + LIMIT.PAGE; block += size) {
      yield* lockedPush(this.head(sizeClass), block);
    }
    return true;
  }

  private *lockedTakePage(): Code<number> {
    let page = yield load(this.address + HEAP.UNUSED);
    if (page === (yield load(this.address + HEAP.END))) {
      page = yield* mmap(0, CHUNK, MAP.READ | MAP.WRITE, 0);
      if (page < 0) return NIL;
      yield store(this.address + HEAP.END, page + CHUNK);
    }
    yield store(this.address + HEAP.UNUSED, page + LIMIT.PAGE);
    return page;
  }
}

function* lockedPush(head: number, block: number): Code {
  yield store(block, yield load(head));
  yield store(head, block);
}

/** A block too large for a class: a mapping of its own, whose length stands in its first word. */
function* mallocPages(size: number): Code<number> {
  const length = roundUp(PAGE.BLOCKS + size, LIMIT.PAGE);
  const page = yield* mmap(0, length, MAP.READ | MAP.WRITE, 0);
  if (page < 0) return NIL;
  yield store(page + PAGE.SIZE, length);
  yield mark(MARK.allocated, page + PAGE.BLOCKS, size);
  return page + PAGE.BLOCKS;
}

function* freePages(block: number, length: number): Code {
  const page = block - PAGE.BLOCKS;
  if (page % LIMIT.PAGE !== 0 || length <= 0 || length % LIMIT.PAGE !== 0) {
    throw new RangeError(`free: ${block} is not the start of a block`);
  }
  yield mark(MARK.freed, block);
  orThrow('munmap', yield* munmap(page, length));
}
