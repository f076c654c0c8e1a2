/**
 * A set-associative cache without data: which lines are here, and which of them are dirty. The lines of a set
 * stand in the order of their last use, so that the last one is the one to go.
 */
import { type CacheDesign, setsOf } from './design.ts';

/** No line has this number. */
const NO_LINE = Number.POSITIVE_INFINITY;

export class LruCache {
  /** Dirty lines that had to go to memory. */
  writebacks = 0;
  private readonly ways: number;
  private readonly setMask: number;
  private readonly writeBack: boolean;
  private readonly writeAllocate: boolean;
  /** Set × ways + place. */
  private readonly lines: Float64Array;
  private readonly dirty: Uint8Array;

  constructor(design: CacheDesign) {
    const sets = setsOf(design);
    this.ways = design.ways;
    this.setMask = sets - 1;
    this.writeBack = design.writeBack;
    this.writeAllocate = design.writeAllocate;
    this.lines = new Float64Array(sets * design.ways).fill(NO_LINE);
    this.dirty = new Uint8Array(sets * design.ways);
  }

  /** Reads or writes a line; gives whether it was here. */
  access(line: number, write: boolean): boolean {
    // Of a number beyond 32 bits, even a negative one, this takes the low bits: just what chooses the set.
    const first = (line & this.setMask) * this.ways;
    const place = this.find(first, line);
    const hit = place < this.ways;
    if (!hit && write && !this.writeAllocate) return false;
    const last = hit ? place : this.ways - 1;
    let dirty = this.dirty[first + last] as number;
    if (!hit) {
      this.writebacks += dirty;
      dirty = 0;
    }
    this.moveToFront(first, last, line, write && this.writeBack ? 1 : dirty);
    return hit;
  }

  /** Dirty lines that are in the cache still. */
  dirtyLines(): number {
    return this.dirty.reduce((sum, dirty) => sum + dirty, 0);
  }

  private find(first: number, line: number): number {
    const { lines, ways } = this;
    let place = 0;
    while (place < ways && lines[first + place] !== line) place++;
    return place;
  }

  private moveToFront(first: number, from: number, line: number, dirty: number): void {
    const { lines } = this;
    for (let at = first + from; at > first; at--) {
      lines[at] = lines[at - 1] as number;
      this.dirty[at] = this.dirty[at - 1] as number;
    }
    lines[first] = line;
    this.dirty[first] = dirty;
  }
}
