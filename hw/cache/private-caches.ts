/**
 * The private caches of all cores: set-associative, least recently used, write-back. They hold data, so that a
 * wrong protocol yields wrong values. A core has a first level and may have a second, which takes what the
 * first must let go (the two never hold the same line: an exclusive hierarchy, as the Opteron's).
 *
 * A *slot* is a place for a line: those of a core are numbered one after the other, set by set, first level
 * before second. Its stamp is the cycle of its last use.
 */
import type { CacheGeometry, LowerCacheGeometry } from '../config.ts';
import { STATE } from '../coherence/protocol.ts';

const NO_LINE = -1;

export class PrivateCaches {
  readonly ways: number;
  readonly lineShift: number;
  readonly lineWords: number;
  /** Line number in each slot, or -1. */
  readonly line: Int32Array;
  /** Protocol state of each slot (STATE); I exactly when there is no line. */
  readonly state: Uint8Array;
  /** Cycle of the last use of each slot. */
  readonly stamp: Float64Array;
  /** The data: slot × lineWords + word. */
  readonly data: Int32Array;
  /** Sets − 1. */
  readonly setMask: number;
  /** Slots of one core: [core × slots, (core + 1) × slots). */
  readonly slots: number;
  /** A slot that belongs to no core: where a line waits while two change places. */
  readonly spare: number;
  /** Ways of the second level; 0 without one. */
  readonly lowerWays: number;
  private readonly lowerSetMask: number;
  /** Where a core's second level begins among its slots. */
  private readonly lowerStart: number;

  constructor(cores: number, geometry: CacheGeometry, lower: LowerCacheGeometry) {
    const lines = geometry.size / geometry.line;
    const lowerLines = lower.size / geometry.line;
    this.ways = geometry.ways;
    this.lineShift = Math.log2(geometry.line);
    this.lineWords = geometry.line >> 2;
    this.setMask = lines / geometry.ways - 1;
    this.lowerStart = lines;
    this.lowerWays = lowerLines > 0 ? lower.ways : 0;
    this.lowerSetMask = lowerLines / lower.ways - 1;
    this.slots = lines + lowerLines;
    this.spare = cores * this.slots;
    const all = this.spare + 1;
    this.line = new Int32Array(all).fill(NO_LINE);
    this.state = new Uint8Array(all);
    this.stamp = new Float64Array(all);
    this.data = new Int32Array(all * this.lineWords);
  }

  // DOC: find-line
  /** The slot of the first level in which a core holds a line, or -1. */
  find(core: number, line: number): number {
    const tags = this.line;
    let slot = core * this.slots + (line & this.setMask) * this.ways;
    for (const end = slot + this.ways; slot < end; slot++) if (tags[slot] === line) return slot;
    return -1;
  }

  /** The slot of the second level in which a core holds a line, or -1. */
  findLower(core: number, line: number): number {
    if (this.lowerWays === 0) return -1;
    const first = this.firstLowerSlot(core, line);
    for (let slot = first; slot < first + this.lowerWays; slot++) if (this.line[slot] === line) return slot;
    return -1;
  }

  /** The slot in which a core holds a line at either level, or -1. */
  locate(core: number, line: number): number {
    const slot = this.find(core, line);
    return slot >= 0 ? slot : this.findLower(core, line);
  }

  /** The first slot of the set where a core's second level would keep a line; its ways follow. */
  firstLowerSlot(core: number, line: number): number {
    return core * this.slots + this.lowerStart + (line & this.lowerSetMask) * this.lowerWays;
  }

  /** The first slot of the set where a core's first level would keep a line; its ways follow. */
  firstSlot(core: number, line: number): number {
    return core * this.slots + (line & this.setMask) * this.ways;
  }

  /** The core that a slot belongs to. */
  coreOf(slot: number): number {
    return Math.floor(slot / this.slots);
  }

  /** Puts a line into a slot in a state; the data is the caller's to fill in. */
  install(slot: number, line: number, state: number): void {
    this.line[slot] = line;
    this.state[slot] = state;
    this.stamp[slot] = 0;
  }

  /** Empties a slot. */
  drop(slot: number): void {
    this.line[slot] = NO_LINE;
    this.state[slot] = STATE.I;
  }

  /** Moves a line from one slot to another, which must be empty: state, data and time of its last use. */
  move(from: number, to: number): void {
    this.line[to] = this.line[from] as number;
    this.state[to] = this.state[from] as number;
    this.stamp[to] = this.stamp[from] as number;
    this.copyAcross(from, to);
    this.drop(from);
  }

  copyIn(slot: number, words: Int32Array, line: number): void {
    copy(words, line * this.lineWords, this.data, slot * this.lineWords, this.lineWords);
  }

  copyOut(slot: number, words: Int32Array, line: number): void {
    copy(this.data, slot * this.lineWords, words, line * this.lineWords, this.lineWords);
  }

  copyAcross(from: number, to: number): void {
    copy(this.data, from * this.lineWords, this.data, to * this.lineWords, this.lineWords);
  }
}

/** A loop: for so few words a call of the library costs more than what it does. */
function copy(from: Int32Array, first: number, into: Int32Array, start: number, count: number): void {
  for (let word = 0; word < count; word++) into[start + word] = from[first + word] as number;
}
