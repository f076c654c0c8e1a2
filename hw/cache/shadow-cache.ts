/**
 * A fully associative cache of lines without data, least recently used first to go: what a core's cache would
 * hold if a line could stand anywhere in it. Lines are known by their numbers in the core's LineBook.
 */
import { longer } from './line-book.ts';

const FIRST_LENGTH = 64;

export class ShadowCache {
  private readonly capacity: number;
  private size = 0;
  /** Neighbours of each line, used later and used earlier; place 0 is both ends of the list. */
  private later = new Int32Array(FIRST_LENGTH);
  private earlier = new Int32Array(FIRST_LENGTH);
  private here = new Uint8Array(FIRST_LENGTH);

  /** @param capacity lines that it holds */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Uses a line, which comes in if it was not here; gives whether it was. */
  use(number: number): boolean {
    if (number >= this.here.length) this.grow(number);
    const hit = this.here[number] === 1;
    if (hit) {
      if (this.earlier[0] === number) return true;
      this.unlink(number);
    } else {
      if (this.size === this.capacity) this.drop(this.later[0] as number);
      this.here[number] = 1;
      this.size++;
    }
    const before = this.earlier[0] as number;
    this.earlier[number] = before;
    this.later[number] = 0;
    this.later[before] = number;
    this.earlier[0] = number;
    return hit;
  }

  /** Lets a line go, if it is here. */
  drop(number: number): void {
    if (this.here[number] !== 1) return;
    this.here[number] = 0;
    this.size--;
    this.unlink(number);
  }

  private unlink(number: number): void {
    const later = this.later[number] as number;
    const earlier = this.earlier[number] as number;
    this.earlier[later] = earlier;
    this.later[earlier] = later;
  }

  private grow(number: number): void {
    const length = 2 * Math.max(number, this.here.length);
    this.later = longer(this.later, length, Int32Array);
    this.earlier = longer(this.earlier, length, Int32Array);
    this.here = longer(this.here, length, Uint8Array);
  }
}
