/**
 * Size classes of the kernel heap: blocks of 16 · 2^class bytes. A list is the unit in which blocks move between
 * a hart, its node and other nodes; its whole length depends on the class, so that lists of all classes hold
 * about as many bytes.
 */
import { roundUp } from '../struct.ts';
import { HEAP_CLASSES, HEAP_PAGE, SMALLEST_BLOCK } from './layout.ts';

/** Size of the largest block: as large as fits into a page beside its header. */
export const LARGEST_BLOCK = SMALLEST_BLOCK << (HEAP_CLASSES - 1);

const LIST_BYTES = 1024;
const SHORTEST_LIST = 2;
const LONGEST_LIST = 16;

/** The size of the block that holds `bytes`, and is a multiple of `least` (a power of two). */
export const blockSize = (bytes: number, least: number): number => {
  let size = Math.max(SMALLEST_BLOCK, least);
  while (size < bytes) size *= 2;
  return size;
};

/** The class of a block size. */
export const classOf = (size: number): number => 31 - Math.clz32(size / SMALLEST_BLOCK);

/** Blocks of a whole list. */
export const listLength = (size: number): number =>
  Math.min(LONGEST_LIST, Math.max(SHORTEST_LIST, LIST_BYTES / size));

/** Offset of the first block of a page: blocks are aligned to their size and do not touch the header. */
export const firstBlock = (size: number): number => roundUp(HEAP_PAGE.SIZE, size);
