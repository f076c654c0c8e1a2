/**
 * A machine without coherence as one would explain it: each core has lists of lines that it has copied, in the
 * order of their last use, and a memory that it reads and writes by whole lines. Atomic instructions and
 * words that must not be cached go to the memory. Nothing is shared with the machine.
 */
import { OP } from '../../../hw/isa/op.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';

export type Issued = Extract<TraceEvent, { kind: 'instruction' }>;

export interface NaiveShape {
  readonly harts: number;
  /** Bytes. */
  readonly line: number;
  readonly sets: number;
  readonly ways: number;
  readonly lowerSets: number;
  /** 0 for no second level. */
  readonly lowerWays: number;
  readonly uncached: (address: number) => boolean;
}

interface Copy {
  readonly line: number;
  readonly words: Map<number, number>;
  dirty: boolean;
  used: number;
}

const ATOMIC: ReadonlySet<number> = new Set([
  OP.testAndSet,
  OP.fetchAndStore,
  OP.fetchAndAdd,
  OP.compareAndSwap,
]);

export class NaiveNonCoherent {
  readonly memory = new Map<number, number>();
  private readonly shape: NaiveShape;
  /** All copies of each hart, at both levels. */
  private readonly first: Copy[][];
  private readonly second: Copy[][];
  private readonly reserved = new Map<number, number>();
  private time = 0;

  constructor(shape: NaiveShape) {
    this.shape = shape;
    this.first = Array.from({ length: shape.harts }, () => []);
    this.second = Array.from({ length: shape.harts }, () => []);
  }

  /** Applies an instruction; gives the result that the program must see. */
  apply({ hart, op, a, b, c }: Issued): number {
    this.time++;
    const word = a & ~3;
    const shift = (a & 3) * 8;
    if (ATOMIC.has(op)) return this.atomic(hart, op, word, b, c);
    switch (op) {
      case OP.load:
        return this.read(hart, word);
      case OP.load8:
        return (this.read(hart, word) >>> shift) & 0xff;
      case OP.load16:
        return (this.read(hart, word) >>> shift) & 0xffff;
      case OP.store:
        return this.write(hart, word, b, -1);
      case OP.store8:
        return this.write(hart, word, b << shift, 0xff << shift);
      case OP.store16:
        return this.write(hart, word, b << shift, 0xffff << shift);
      case OP.zeroLine:
        for (let at = this.lineOf(a); at < this.lineOf(a) + this.shape.line; at += 4)
          this.write(hart, at, 0, -1);
        return 0;
      case OP.prefetch:
        if (!this.shape.uncached(word)) this.bring(hart, this.lineOf(a));
        return 0;
      case OP.flush:
        this.give(hart, this.lineOf(a), true);
        return 0;
      case OP.invalidate:
        this.give(hart, this.lineOf(a), false);
        return 0;
      case OP.loadReserved: {
        const value = this.read(hart, word);
        this.reserved.set(hart, this.lineOf(word));
        return value;
      }
      case OP.storeConditional: {
        const held = this.reserved.get(hart) === this.lineOf(word);
        this.reserved.delete(hart);
        if (held) this.write(hart, word, b, -1);
        return held ? 0 : 1;
      }
      default:
        return 0;
    }
  }

  private atomic(hart: number, op: number, word: number, b: number, c: number): number {
    // The own copy goes first, so that what this core wrote is in memory when the module works on it.
    this.give(hart, this.lineOf(word), true);
    const old = this.memory.get(word) ?? 0;
    const after = {
      [OP.testAndSet]: 1,
      [OP.fetchAndStore]: b,
      [OP.fetchAndAdd]: (old + b) | 0,
      [OP.compareAndSwap]: old === b ? c : old,
    }[op];
    this.put(hart, word, after ?? old);
    return old;
  }

  private read(hart: number, word: number): number {
    if (this.shape.uncached(word)) return this.memory.get(word) ?? 0;
    return this.bring(hart, this.lineOf(word)).words.get(word) ?? 0;
  }

  private write(hart: number, word: number, bits: number, mask: number): number {
    if (this.shape.uncached(word)) {
      this.put(hart, word, ((this.memory.get(word) ?? 0) & ~mask) | (bits & mask));
      return 0;
    }
    const copy = this.bring(hart, this.lineOf(word));
    copy.words.set(word, ((copy.words.get(word) ?? 0) & ~mask) | (bits & mask));
    copy.dirty = true;
    return 0;
  }

  /** Changes memory: who has reserved the line, and is not the writer, has lost it. */
  private put(writer: number, word: number, value: number): void {
    this.memory.set(word, value);
    for (const [hart, line] of this.reserved)
      if (hart !== writer && line === this.lineOf(word)) this.reserved.delete(hart);
  }

  /** The hart's copy of a line at the first level, where it now is. */
  private bring(hart: number, line: number): Copy {
    const [first, second] = [this.first[hart] ?? [], this.second[hart] ?? []];
    let copy = first.find((candidate) => candidate.line === line);
    if (copy === undefined) {
      copy = takeOut(second, line) ?? { line, words: this.wordsOf(line), dirty: false, used: 0 };
      const { sets, ways, lowerSets, lowerWays } = this.shape;
      const victim = this.makeRoom(first, line, sets, ways);
      first.push(copy);
      if (victim !== undefined && lowerWays > 0) {
        this.leave(this.makeRoom(second, victim.line, lowerSets, lowerWays));
        second.push(victim);
      } else {
        this.leave(victim);
      }
    }
    copy.used = this.time;
    return copy;
  }

  /** Takes the copy out that must go so that a line has room in its set, if one must. */
  private makeRoom(level: Copy[], line: number, sets: number, ways: number): Copy | undefined {
    const setOf = (other: number): number => (other / this.shape.line) % sets;
    const rivals = level.filter((copy) => setOf(copy.line) === setOf(line));
    if (rivals.length < ways) return undefined;
    const oldest = rivals.reduce((left, right) => (right.used < left.used ? right : left));
    return takeOut(level, oldest.line);
  }

  private give(hart: number, line: number, writeBack: boolean): void {
    const copy = takeOut(this.first[hart] ?? [], line) ?? takeOut(this.second[hart] ?? [], line);
    if (writeBack) this.leave(copy);
  }

  /** A copy leaves its core: if it was written, all of it goes to memory. */
  private leave(copy: Copy | undefined): void {
    if (!copy?.dirty) return;
    for (const [word, value] of copy.words) this.put(-1, word, value);
  }

  private wordsOf(line: number): Map<number, number> {
    const words = new Map<number, number>();
    for (let at = line; at < line + this.shape.line; at += 4) words.set(at, this.memory.get(at) ?? 0);
    return words;
  }

  private lineOf(address: number): number {
    return address - (address % this.shape.line);
  }
}

function takeOut(copies: Copy[], line: number): Copy | undefined {
  const index = copies.findIndex((copy) => copy.line === line);
  return index < 0 ? undefined : copies.splice(index, 1)[0];
}
