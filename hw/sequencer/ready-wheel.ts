/**
 * The harts that can act, by clock: a timing wheel.
 *
 * One slot per cycle modulo the wheel's size, a linked list of harts in each, a bitmap of the slots that are
 * occupied and a bitmap of that bitmap's words, so that inserting and finding the next are a few operations
 * however many harts there are.
 * When a cycle's turn comes its harts are sorted once into the order of ties. Harts further ahead than the
 * wheel reaches wait in a sorted list beside it. The linear scan that this must agree with lives in
 * test/hw/sequencer.
 */
import { hartOfKey, tieOrder } from './order.ts';

const SLOTS = 16_384;
const MASK = SLOTS - 1;
const WORDS = SLOTS / 32;
const SUMMARY_WORDS = WORDS / 32;
const NONE = -1;
/** Up to here sorting by insertion beats calling the library. */
const FEW = 16;

export class ReadyWheel {
  private readonly clock: Float64Array;
  private readonly seed: number;
  private readonly head = new Int32Array(SLOTS).fill(NONE);
  private readonly occupied = new Int32Array(WORDS);
  /** A bit for each word of `occupied` that is not zero. */
  private readonly summary = new Int32Array(SUMMARY_WORDS);
  private readonly next: Int32Array;
  /** Harts beyond the wheel, latest first. */
  private readonly far: number[] = [];
  /** The cycle whose turn it is; no hart in the wheel has a clock below. */
  private base = 0;
  private inWheel = 0;
  /** Keys of the harts that are due at `base`, in order; those before `dueFrom` have been taken. */
  private readonly due: Int32Array;
  private dueFrom = 0;
  private dueEnd = 0;

  /** @param clock the clocks of all harts, read here and advanced by the machine while a hart is out. */
  constructor(clock: Float64Array, seed: number) {
    this.clock = clock;
    this.seed = seed;
    this.next = new Int32Array(clock.length).fill(NONE);
    this.due = new Int32Array(clock.length + 1);
  }

  /** The cycle that was last taken from. */
  get now(): number {
    return this.base;
  }

  /** Adds a hart at its clock, which must not lie before the cycle last taken from. */
  insert(hart: number): void {
    const cycle = this.clock[hart] as number;
    const ahead = cycle - this.base;
    if (ahead > 0 && ahead < SLOTS) {
      const slot = cycle & MASK;
      this.next[hart] = this.head[slot] as number;
      this.head[slot] = hart;
      const word = slot >> 5;
      this.occupied[word] = (this.occupied[word] as number) | (1 << (slot & 31));
      this.summary[word >> 5] = (this.summary[word >> 5] as number) | (1 << (word & 31));
      this.inWheel++;
    } else if (ahead === 0) {
      this.insertDue(tieOrder(this.seed, cycle, hart));
    } else if (ahead > 0) {
      this.insertFar(hart, cycle);
    } else {
      throw new RangeError(`hart ${hart} would act at cycle ${cycle}, before ${this.base}`);
    }
  }

  /** The clock of the earliest hart, or Infinity. */
  nextCycle(): number {
    if (this.dueFrom < this.dueEnd) return this.base;
    if (this.inWheel === 0) {
      const nearest = this.far[this.far.length - 1];
      return nearest === undefined ? Number.POSITIVE_INFINITY : (this.clock[nearest] as number);
    }
    const start = this.base & MASK;
    const word = start >> 5;
    let slot = firstBit(this.occupied, word, -1 << (start & 31));
    if (slot === NONE) {
      const above = (word + 1) & (WORDS - 1);
      let full = firstBit(this.summary, above >> 5, -1 << (above & 31));
      for (let at = (above >> 5) + 1; full === NONE; at++)
        full = firstBit(this.summary, at & (SUMMARY_WORDS - 1), -1);
      slot = firstBit(this.occupied, full, -1);
    }
    return this.base + ((slot - start) & MASK);
  }

  /** Removes and gives the hart that acts first at `cycle`, which `nextCycle` has just given. */
  take(cycle: number): number {
    if (this.dueFrom === this.dueEnd) this.turnTo(cycle);
    return hartOfKey(this.due[this.dueFrom++] as number);
  }

  /** Moves the wheel on to a cycle and lists the harts that are due there. */
  private turnTo(cycle: number): void {
    this.base = cycle;
    this.dueFrom = 0;
    this.dueEnd = 0;
    if (this.far.length > 0) this.bringNear();
    const slot = cycle & MASK;
    const first = this.head[slot] as number;
    if (first === NONE) return;
    let end = this.dueEnd;
    for (let hart = first; hart !== NONE; hart = this.next[hart] as number) {
      this.due[end++] = tieOrder(this.seed, cycle, hart);
    }
    this.inWheel -= end - this.dueEnd;
    this.dueEnd = end;
    this.head[slot] = NONE;
    this.clearBit(slot);
    if (end > FEW) this.due.subarray(0, end).sort();
    else if (end > 1) this.sortFew(end);
  }

  private clearBit(slot: number): void {
    const word = slot >> 5;
    const left = (this.occupied[word] as number) & ~(1 << (slot & 31));
    this.occupied[word] = left;
    if (left === 0) this.summary[word >> 5] = (this.summary[word >> 5] as number) & ~(1 << (word & 31));
  }

  private sortFew(end: number): void {
    const { due } = this;
    for (let from = 1; from < end; from++) {
      const key = due[from] as number;
      let to = from;
      for (; to > 0 && (due[to - 1] as number) > key; to--) due[to] = due[to - 1] as number;
      due[to] = key;
    }
  }

  /** A hart has become ready at the very cycle whose turn it is. */
  private insertDue(key: number): void {
    const { due } = this;
    if (this.dueFrom > 0) {
      due.copyWithin(0, this.dueFrom, this.dueEnd);
      this.dueEnd -= this.dueFrom;
      this.dueFrom = 0;
    }
    let to = this.dueEnd++;
    for (; to > 0 && (due[to - 1] as number) > key; to--) due[to] = due[to - 1] as number;
    due[to] = key;
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

/** The number of the lowest bit that is set in a word of a bitmap, among those in `mask`, or NONE. */
function firstBit(bitmap: Int32Array, word: number, mask: number): number {
  const bits = (bitmap[word] as number) & mask;
  return bits === 0 ? NONE : (word << 5) + 31 - Math.clz32(bits & -bits);
}
