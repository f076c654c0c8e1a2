/**
 * What the classifier knows of the lines that one core has ever used, by their numbers in the core's LineBook.
 * Times are the classifier's.
 */
import { LineBook, longer } from './line-book.ts';
import { ShadowCache } from './shadow-cache.ts';

const FIRST_LENGTH = 64;

/** How a core came to be without a line that it had. */
export const FATE = {
  /** It has it still, or had to make room. */
  held: 0,
  /** Another core, or a device, wrote it. */
  taken: 1,
  /** The core dropped it by an instruction. */
  dropped: 2,
} as const;

export class CoreLines {
  readonly book = new LineBook();
  readonly shadow: ShadowCache;
  /** Number of the line used last if a hit on it can be nothing new, else 0. */
  latest = 0;
  latestLine = -1;
  fate = new Uint8Array(FIRST_LENGTH);
  /** 1 if the core has written the line. */
  wrote = new Uint8Array(FIRST_LENGTH);
  /** What others wrote before this time is known to the core: it has had a useful miss, or the line, since. */
  since = new Uint32Array(FIRST_LENGTH);
  /** Time of the last miss if it is false sharing so far, else 0; and the hart that missed. */
  openSince = new Uint32Array(FIRST_LENGTH);
  openHart = new Uint16Array(FIRST_LENGTH);

  /** @param lines how many the core's first-level cache holds */
  constructor(lines: number) {
    this.shadow = new ShadowCache(lines);
  }

  /** The number of a line, which is entered if it is new. */
  enter(line: number): number {
    const number = this.book.enter(line);
    if (number >= this.fate.length) this.grow();
    return number;
  }

  private grow(): void {
    const length = 2 * this.fate.length;
    this.fate = longer(this.fate, length, Uint8Array);
    this.wrote = longer(this.wrote, length, Uint8Array);
    this.since = longer(this.since, length, Uint32Array);
    this.openSince = longer(this.openSince, length, Uint32Array);
    this.openHart = longer(this.openHart, length, Uint16Array);
  }
}
