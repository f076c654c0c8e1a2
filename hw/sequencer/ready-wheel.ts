/**
 * The harts that can act, by clock: a timing wheel.
 *
 * One slot per cycle modulo the wheel's size, a linked list of harts in each, and a bitmap of the slots that
 * are occupied, so that inserting and finding the next are a few operations however many harts there are.
 * Harts further ahead than the wheel reaches wait in a sorted list beside it. The linear scan that this
 * must agree with lives in test/hw/sequencer.
 */
import { tieOrder } from './order.ts';

const SLOTS = 2048;
const MASK = SLOTS - 1;
const WORDS = SLOTS / 32;
const NONE = -1;

export class ReadyWheel {
  private readonly clock: Float64Array;
  private readonly seed: number;
  private readonly head = new Int32Array(SLOTS).fill(NONE);
  private readonly occupied = new Int32Array(WORDS);
  private readonly next: Int32Array;
  /** Harts beyond the wheel, latest first. */
  private readonly far: number[] = [];
  /** No hart in the wheel has a clock below this. */
  private base = 0;
  private inWheel = 0;

  /** @param clock the clocks of all harts, read here and advanced by the machine while a hart is out. */
  constructor(clock: Float64Array, seed: number) {
    this.clock = clock;
    this.seed = seed;
    this.next = new Int32Array(clock.length).fill(NONE);
  }

  /** Adds a hart at its clock, which must not lie before the last `nextCycle` taken from. */
  insert(hart: number): void {
    const cycle = this.clock[hart] as number;
    if (cycle < this.base) throw new RangeError(`hart ${hart} would act at cycle ${cycle}, before ${this.base}`);
    if (cycle >= this.base + SLOTS) {
      this.insertFar(hart, cycle);
      return;
    }
    const slot = cycle & MASK;
    this.next[hart] = this.head[slot] as number;
    this.head[slot] = hart;
    this.occupied[slot >> 5] = (this.occupied[slot >> 5] as number) | (1 << (slot & 31));
    this.inWheel++;
  }

  /** The clock of the earliest hart, or Infinity. */
  nextCycle(): number {
    if (this.inWheel === 0) {
      const nearest = this.far[this.far.length - 1];
      return nearest === undefined ? Number.POSITIVE_INFINITY : (this.clock[nearest] as number);
    }
    const start = this.base & MASK;
    let word = start >> 5;
    let bits = (this.occupied[word] as number) & (-1 << (start & 31));
    while (bits === 0) {
      word = (word + 1) & (WORDS - 1);
      bits = this.occupied[word] as number;
    }
    const slot = (word << 5) + (31 - Math.clz32(bits & -bits));
    return this.base + ((slot - start) & MASK);
  }

  /** Removes and gives the hart that acts first at `cycle`, which `nextCycle` has just given. */
  take(cycle: number): number {
    this.base = cycle;
    if (this.far.length > 0) this.bringNear();
    const slot = cycle & MASK;
    let best = this.head[slot] as number;
    let beforeBest = NONE;
    if (this.next[best] !== NONE) {
      let bestOrder = tieOrder(this.seed, cycle, best);
      let previous = best;
      for (let hart = this.next[best] as number; hart !== NONE; hart = this.next[hart] as number) {
        const order = tieOrder(this.seed, cycle, hart);
        if (order < bestOrder || (order === bestOrder && hart < best)) {
          best = hart;
          bestOrder = order;
          beforeBest = previous;
        }
        previous = hart;
      }
    }
    const after = this.next[best] as number;
    if (beforeBest === NONE) this.head[slot] = after;
    else this.next[beforeBest] = after;
    if (this.head[slot] === NONE) {
      this.occupied[slot >> 5] = (this.occupied[slot >> 5] as number) & ~(1 << (slot & 31));
    }
    this.inWheel--;
    return best;
  }

  private insertFar(hart: number, cycle: number): void {
    let at = this.far.length;
    while (at > 0 && (this.clock[this.far[at - 1] as number] as number) < cycle) at--;
    this.far.splice(at, 0, hart);
  }

  private bringNear(): void {
    const end = this.base + SLOTS;
    while (this.far.length > 0) {
      const hart = this.far[this.far.length - 1] as number;
      if ((this.clock[hart] as number) >= end) return;
      this.far.pop();
      this.insert(hart);
    }
  }
}
