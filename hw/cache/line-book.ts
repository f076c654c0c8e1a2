/**
 * The lines that a core has ever used, numbered from 1 in the order of their first use, so that what is known
 * of each can lie in arrays. A hash table that only grows (open addressing, linear probing).
 */
const FIRST_SLOTS = 64;
/** 2^32 / golden ratio: Knuth, *The Art of Computer Programming* 3, 6.4. */
const GOLDEN = 0x9e3779b1;

export class LineBook {
  /** How many lines are in the book. */
  count = 0;
  private slots = new Int32Array(FIRST_SLOTS);
  private shift = 32 - Math.log2(FIRST_SLOTS);
  private lines = new Int32Array(FIRST_SLOTS / 2 + 1);

  /** The number of a line, or 0. */
  find(line: number): number {
    return this.slots[this.slotOf(line)] as number;
  }

  /** The number of a line, which is entered if it is not in the book yet. */
  enter(line: number): number {
    const slot = this.slotOf(line);
    const found = this.slots[slot] as number;
    if (found !== 0) return found;
    const number = ++this.count;
    this.lines[number] = line;
    this.slots[slot] = number;
    if (2 * number >= this.slots.length) this.grow();
    return number;
  }

  private slotOf(line: number): number {
    const mask = this.slots.length - 1;
    let slot = Math.imul(line, GOLDEN) >>> this.shift;
    for (;;) {
      const number = this.slots[slot] as number;
      if (number === 0 || this.lines[number] === line) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    this.shift--;
    this.lines = longer(this.lines, this.slots.length / 2 + 1, Int32Array);
    for (let number = 1; number <= this.count; number++) {
      this.slots[this.slotOf(this.lines[number] as number)] = number;
    }
  }
}

type Numbers = { readonly length: number; set(from: ArrayLike<number>): void };

/** A longer array that begins with what is in `array`. */
export function longer<T extends Numbers & ArrayLike<number>>(
  array: T,
  length: number,
  kind: new (length: number) => T,
): T {
  const made = new kind(length);
  made.set(array);
  return made;
}
