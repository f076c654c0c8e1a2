/**
 * Checked mode of the kernel heap. A free block is filled with poison behind its links; a block in use ends with a red
 * zone and a word that says how many bytes were asked for; the page's header has a bit for each block in use. So a
 * second free is found at once, from whatever hart; a write behind the end when the block is freed; a write to a free
 * block when it is taken again. A pointer read from a free block is poison, which is no address: its use traps.
 */
import { type Code, compareAndSwap, load, panic, store } from '../../hw/isa/index.ts';
import { PAGE_SIZE } from '../layout.ts';
import { PANIC } from '../panics.ts';
import { roundUp } from '../struct.ts';
import { FREE_BLOCK, HEAP_PAGE, SMALLEST_BLOCK } from './layout.ts';

/** What fills a free block. */
export const POISON = 0xdeadbeef | 0;
/** What lies between what was asked for and the end. */
export const RED_ZONE = 0xfe11_fe11 | 0;
/** The length of a block in use, mixed with this and with the block's address, is its last word. */
const LENGTH_MARK = 0x4c454e47;

/** Bytes that a block must have beyond those asked for: a word of red zone and the length. */
export const RED_ZONE_BYTES = 8;
/** The least block: its links, and some poison. */
export const SMALLEST_CHECKED = 2 * SMALLEST_BLOCK;

/** Fills the blocks of a new page with poison. None is in use, whatever the frame held before. */
export function* poisonPage(page: number): Code {
  yield* fill(page + HEAP_PAGE.inUse, page + HEAP_PAGE.end, 0);
  yield* fill(page + HEAP_PAGE.SIZE, page + PAGE_SIZE, POISON);
}

/** A block was taken from a free list: it must be free, and as it was when it was freed. */
export function* beginUse(page: number, block: number, size: number): Code {
  if (!(yield* flip(page, block, true))) yield panic(PANIC.usedTwice);
  yield* expect(block + FREE_BLOCK.SIZE, block + size, POISON, PANIC.usedAfterFree);
}

/** Marks the end of a block in use. */
export function* drawRedZone(block: number, size: number, bytes: number): Code {
  yield* fill(block + roundUp(bytes, 4), block + size - 4, RED_ZONE);
  yield store(block + size - 4, bytes ^ LENGTH_MARK ^ block);
}

/** A block is being freed: it must be in use, and its red zone whole. */
export function* endUse(page: number, block: number, size: number): Code {
  if (!(yield* flip(page, block, false))) yield panic(PANIC.freedTwice);
  const bytes = (yield load(block + size - 4)) ^ LENGTH_MARK ^ block;
  if (bytes < 0 || bytes > size - RED_ZONE_BYTES) yield panic(PANIC.blockOverrun);
  yield* expect(block + roundUp(bytes, 4), block + size - 4, RED_ZONE, PANIC.blockOverrun);
  yield* fill(block + FREE_BLOCK.SIZE, block + size, POISON);
}

/** Sets or clears the bit of a block; gives whether it was the other way round. */
function* flip(page: number, block: number, inUse: boolean): Code<boolean> {
  const index = (block - page) / SMALLEST_BLOCK;
  const address = page + HEAP_PAGE.inUse + 4 * (index >>> 5);
  const bit = 1 << (index & 31);
  let old = yield load(address);
  while (((old & bit) !== 0) !== inUse) {
    const seen = yield compareAndSwap(address, old, old ^ bit);
    if (seen === old) return true;
    old = seen;
  }
  return false;
}

function* fill(from: number, to: number, value: number): Code {
  for (let address = from; address < to; address += 4) yield store(address, value);
}

function* expect(from: number, to: number, value: number, code: number): Code {
  for (let address = from; address < to; address += 4) {
    if ((yield load(address)) !== value) yield panic(code);
  }
}
