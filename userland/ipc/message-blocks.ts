/**
 * The messages of a binding: blocks of one size, none of which crosses a page. A thread takes a free one for each call;
 * where all are taken it gives way until one is free. Each is marked by a word of its own, changed by compare-and-swap.
 */
import { type Code, compareAndSwap, load, store } from '../../hw/isa/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import { yieldHart } from '../runtime/system-calls.ts';

/** Calls that the threads of a binding can have under way at a time. */
const MESSAGES = 4;
const BLOCKS = { FIRST: 0, STRIDE: 4, TAKEN: 8, SIZE: LINE } as const;

/** A power of two, so that blocks which begin on a multiple of it cross no page. */
const strideFor = (longest: number): number => {
  let size = LINE;
  while (size < longest) size *= 2;
  return size;
};

/** Bytes that the blocks for messages of at most so many bytes take, wherever they begin. */
export const blocksSize = (longest: number): number => BLOCKS.SIZE + (MESSAGES + 1) * strideFor(longest);

/** Lays the blocks out over memory that is zero. */
export function* layOutBlocks(at: number, longest: number): Code {
  const stride = strideFor(longest);
  yield store(at + BLOCKS.STRIDE, stride);
  yield store(at + BLOCKS.FIRST, roundUp(at + BLOCKS.SIZE, stride));
}

/** Takes a free message. */
export function* takeBlock(at: number): Code<number> {
  for (;;) {
    for (let index = 0; index < MESSAGES; index++) {
      if ((yield compareAndSwap(at + BLOCKS.TAKEN + 4 * index, 0, 1)) === 0)
        return (yield load(at + BLOCKS.FIRST)) + index * (yield load(at + BLOCKS.STRIDE));
    }
    yield* yieldHart();
  }
}

/** Gives a message back. */
export function* giveBlock(at: number, message: number): Code {
  const index = (message - (yield load(at + BLOCKS.FIRST))) / (yield load(at + BLOCKS.STRIDE));
  yield store(at + BLOCKS.TAKEN + 4 * index, 0);
}
