/** A map of bits, 32 to a word, as ext2 has them: bit 0 of the first word stands for the first block, or inode. */
import { type Code, load, store } from '../../../hw/isa/index.ts';

const FULL = -1;

// DOC: find-free-bit
/** Sets the first bit that is clear, from `from` on and then from the beginning; gives its number, or -1 if all are set. */
export function* takeBit(map: number, bits: number, from: number): Code<number> {
  const start = from >= 0 && from < bits ? from : 0;
  const found = yield* firstClear(map, start, bits);
  const bit = found < 0 && start > 0 ? yield* firstClear(map, 0, start) : found;
  if (bit >= 0) {
    const at = map + 4 * (bit >>> 5);
    yield store(at, (yield load(at)) | (1 << (bit & 31)));
  }
  return bit;
}

function* firstClear(map: number, from: number, end: number): Code<number> {
  for (let word = from >>> 5; word << 5 < end; word++) {
    const value = yield load(map + 4 * word);
    if (value === FULL) continue;
    const low = word === from >>> 5 ? from & 31 : 0;
    const clear = ~value & (FULL << low);
    if (clear === 0) continue;
    const bit = (word << 5) + 31 - Math.clz32(clear & -clear);
    return bit < end ? bit : -1;
  }
  return -1;
}

/** Clears a bit; gives whether it was set. */
export function* clearBit(map: number, bit: number): Code<boolean> {
  const at = map + 4 * (bit >>> 5);
  const value = yield load(at);
  yield store(at, value & ~(1 << (bit & 31)));
  return (value & (1 << (bit & 31))) !== 0;
}
