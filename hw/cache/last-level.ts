/**
 * The last-level caches, one at each node's memory module, shared by everybody who uses that memory. A cache
 * at the memory's side holds what the memory behind it holds, so it is always coherent and its data needs no
 * second place here: what it changes is how long an access takes. Least recently used.
 */
import { COUNTER, type Counters } from '../counters.ts';
import type { LowerCacheGeometry, Timing } from '../config.ts';

const NO_LINE = -1;

export class LastLevel {
  private readonly ways: number;
  private readonly setMask: number;
  private readonly slotsPerNode: number;
  private readonly line: Int32Array;
  private readonly stamp: Float64Array;
  private readonly timing: Timing;
  private readonly counters: Counters;

  constructor(
    nodes: number,
    geometry: LowerCacheGeometry,
    lineBytes: number,
    timing: Timing,
    counters: Counters,
  ) {
    const lines = geometry.size / lineBytes;
    this.ways = lines > 0 ? geometry.ways : 0;
    this.setMask = lines / geometry.ways - 1;
    this.slotsPerNode = lines;
    this.line = new Int32Array(nodes * lines).fill(NO_LINE);
    this.stamp = new Float64Array(nodes * lines);
    this.timing = timing;
    this.counters = counters;
  }

  // DOC: last-level-access
  /** Reads a line at its home on behalf of a hart; gives the access time. */
  access(home: number, line: number, now: number, hart: number): number {
    if (this.ways === 0) return this.timing.memory;
    const hit = this.install(home, line, now);
    this.counters.add(hart, hit ? COUNTER.llcHits : COUNTER.llcMisses, 1);
    return hit ? this.timing.llcHit : this.timing.memory;
  }

  /** Brings a line in, or marks it as used; says whether it was there. */
  install(home: number, line: number, now: number): boolean {
    if (this.ways === 0) return false;
    const first = home * this.slotsPerNode + (line & this.setMask) * this.ways;
    let victim = first;
    for (let slot = first; slot < first + this.ways; slot++) {
      if (this.line[slot] === line) {
        this.stamp[slot] = now;
        return true;
      }
      if ((this.stamp[slot] as number) < (this.stamp[victim] as number)) victim = slot;
    }
    this.line[victim] = line;
    this.stamp[victim] = now;
    return false;
  }
}
