/**
 * Swap: the last blocks of the disk, divided into slots of a page (`kernel.swap` says how many). Pages of anonymous
 * memory go there when they have to leave memory.
 *
 * A page keeps its slot when it is brought back, so that it can leave again without being written, as long as nobody
 * has stored to it; if somebody has, it is written to the same slot. The slot is free when the page is forgotten.
 *
 * *Locking:* `swapLock` guards the bitmap, `swapNext` and `swapUsed`; it is held for a look through the bitmap only.
 */
import { DISK_COMMAND } from '../../hw/address-map.ts';
import { type Code, load, panic, step, store } from '../../hw/isa/index.ts';
import { diskTransfer } from '../io/disk.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { BLOCKS_PER_PAGE } from './cor.ts';

const LOCK = GLOBAL + NODE_BLOCK.swapLock;
const NEXT = GLOBAL + NODE_BLOCK.swapNext;
const USED = GLOBAL + NODE_BLOCK.swapUsed;
const BITS = 32;

/** Bytes of the bitmap of so many slots. */
export const swapMapBytes = (slots: number): number => 4 * Math.ceil(slots / BITS);

function* wordOf(slot: number): Code<number> {
  return (yield load(GLOBAL + NODE_BLOCK.swapMap)) + 4 * ((slot / BITS) | 0);
}

// DOC: take-slot
/** Takes a slot; gives its number plus 1, or 0 if there is none. */
export function* takeSlot(): Code<number> {
  const slots = yield load(GLOBAL + NODE_BLOCK.swapSlots);
  if (slots === 0) return 0;
  yield* acquire(LOCK);
  const slot = yield* lockedFind(slots);
  if (slot >= 0) {
    const word = yield* wordOf(slot);
    yield store(word, (yield load(word)) | (1 << (slot % BITS)));
    yield store(NEXT, (slot + 1) % slots);
    yield store(USED, (yield load(USED)) + 1);
  }
  yield* release(LOCK);
  return slot + 1;
}

/** The first free slot from the one on that was taken last, or -1. Words without a free one are passed over at once. */
function* lockedFind(slots: number): Code<number> {
  const first = yield load(NEXT);
  for (let done = 0; done < slots; ) {
    const slot = (first + done) % slots;
    const bits = yield load(yield* wordOf(slot));
    const end = Math.min(slots, (((slot / BITS) | 0) + 1) * BITS);
    if (bits !== -1) {
      for (let at = slot; at < end; at += 1) if ((bits & (1 << (at % BITS))) === 0) return at;
    }
    done += end - slot;
  }
  return -1;
}

/** Gives a slot back, by its number plus 1. */
export function* freeSlot(slotPlusOne: number): Code {
  const slot = slotPlusOne - 1;
  yield* acquire(LOCK);
  const word = yield* wordOf(slot);
  const bits = yield load(word);
  const bit = 1 << (slot % BITS);
  if ((bits & bit) === 0) yield panic(PANIC.slotFreedTwice);
  yield store(word, bits & ~bit);
  yield store(USED, (yield load(USED)) - 1);
  yield* release(LOCK);
}

/** Moves a page between a slot and a frame; gives 0 or EIO. Blocks. */
function* transfer(command: number, slotPlusOne: number, frame: number): Code<number> {
  const block = (yield load(GLOBAL + NODE_BLOCK.swapBlock)) + (slotPlusOne - 1) * BLOCKS_PER_PAGE;
  return yield* diskTransfer(command, block, frame, BLOCKS_PER_PAGE);
}

/** Reads a page that was written out. */
export function* readSlot(slot: number, frame: number): Code<number> {
  return yield* step(STEP.swapIn, slot - 1, transfer(DISK_COMMAND.read, slot, frame));
}

/** Writes a page out. */
export function* writeSlot(slot: number, frame: number): Code<number> {
  return yield* step(STEP.swapOut, slot - 1, transfer(DISK_COMMAND.write, slot, frame));
}
