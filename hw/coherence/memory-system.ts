import type { Levels } from '../cache/levels.ts';

/**
 * What lies behind the private caches: the seam between a hart's memory port and the machine's kind of memory.
 * Every call takes effect at once; `done` says when it is complete.
 */
export interface MemorySystem {
  /** The cycle at which the last call is complete. */
  readonly done: number;
  /** Whether hardware keeps no caches coherent: atomic instructions execute at the memory. */
  readonly nonCoherent: boolean;
  /** Whether the last `own` left other copies, to which the words that are written must be sent. */
  readonly shared: boolean;

  /** How lines move between a core's two levels. */
  readonly levels: Levels;

  /** Brings a line that the hart's core does not hold into its cache, to read; gives the slot. */
  fetch(hart: number, line: number, now: number): number;
  /**
   * Gives the hart's core the right to write a line; gives the slot.
   * @param slot where the core holds the line already, or -1
   * @param whole whether all of the line will be written, so that its data need not come
   */
  own(hart: number, line: number, slot: number, now: number, whole?: boolean): number;
  /** Sends `count` words that the hart has just written, from place `word` in the caches' data on. */
  publish(hart: number, word: number, count: number): void;
  /** Writes a core's copy of a line back if it is dirty, and drops it. */
  evict(hart: number, slot: number, now: number): void;
  /** Drops a core's copy of a line without writing it back, where the machine can do that. */
  discard(hart: number, slot: number, now: number): void;
  /** A word is read or written at its memory module, past all caches. */
  visit(hart: number, address: number, now: number): void;
  /** A device writes a line of memory. */
  deviceWrites(line: number): void;
  /** A device reads a line of memory. */
  deviceReads(line: number): void;
  /** The word at an address, as somebody who asks all caches would find it. Host side. */
  peek(address: number): number;
}
