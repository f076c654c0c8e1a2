/**
 * The private first-level caches of all cores: set-associative, least recently used, write-back. They hold
 * data, so that a wrong protocol yields wrong values.
 *
 * A *slot* is a place for a line: (core × sets + set) × ways + way. Its stamp is the cycle of its last use.
 */
import type { CacheGeometry } from '../config.ts';
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
  private readonly slotsPerCore: number;

  constructor(cores: number, geometry: CacheGeometry) {
    const lines = geometry.size / geometry.line;
    this.ways = geometry.ways;
    this.lineShift = Math.log2(geometry.line);
    this.lineWords = geometry.line >> 2;
    this.setMask = lines / geometry.ways - 1;
    this.slotsPerCore = lines;
    this.line = new Int32Array(cores * lines).fill(NO_LINE);
    this.state = new Uint8Array(cores * lines);
    this.stamp = new Float64Array(cores * lines);
    this.data = new Int32Array(cores * lines * this.lineWords);
  }

  /** The slot in which a core holds a line, or -1. */
  find(core: number, line: number): number {
    const tags = this.line;
    let slot = core * this.slotsPerCore + (line & this.setMask) * this.ways;
    for (const end = slot + this.ways; slot < end; slot++) if (tags[slot] === line) return slot;
    return -1;
  }

  /** The first slot of the set where a core would keep a line; its ways follow. */
  firstSlot(core: number, line: number): number {
    return core * this.slotsPerCore + (line & this.setMask) * this.ways;
  }

  /** The core that a slot belongs to. */
  coreOf(slot: number): number {
    return Math.floor(slot / this.slotsPerCore);
  }

  /** Slots of one core: [core × slotsPerCore, (core + 1) × slotsPerCore). */
  get slots(): number {
    return this.slotsPerCore;
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

  copyIn(slot: number, words: Int32Array, line: number): void {
    const from = line * this.lineWords;
    const to = slot * this.lineWords;
    for (let word = 0; word < this.lineWords; word++) this.data[to + word] = words[from + word] as number;
  }

  copyOut(slot: number, words: Int32Array, line: number): void {
    const from = slot * this.lineWords;
    const to = line * this.lineWords;
    for (let word = 0; word < this.lineWords; word++) words[to + word] = this.data[from + word] as number;
  }

  copyAcross(from: number, to: number): void {
    const start = from * this.lineWords;
    this.data.copyWithin(to * this.lineWords, start, start + this.lineWords);
  }
}
