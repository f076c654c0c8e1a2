/**
 * A table of words and how often each occurs: buckets of chained entries, each of which points to one occurrence in the
 * text. It belongs to one thread as long as that writes to it.
 */
import { type Code, load, load8, store } from '../../hw/isa/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';

const NIL = 0;
/** Buckets of every table: a word's bucket is the same in all. */
export const BUCKETS = 256;
const USED = 0;
const HEADS = LINE;
const ENTRIES = HEADS + 4 * BUCKETS;
const ENTRY = { NEXT: 0, HASH: 4, AT: 8, LENGTH: 12, TIMES: 16, SIZE: 32 } as const;

/** A word where it stands, with its hash, and how often it is to be counted. */
export interface Occurrence {
  readonly hash: number;
  /** Address of its first byte. */
  readonly at: number;
  readonly length: number;
  readonly times: number;
}

const A = 0x61;
const Z = 0x7a;

/** A letter in lower case, or 0 for what is none: of ASCII, other letters end a word. */
export function letter(byte: number): number {
  const lower = byte | 0x20;
  return lower >= A && lower <= Z && byte < 0x80 ? lower : 0;
}

/** The hash of a word with one letter more (Bernstein's, times 33). */
export const hashed = (hash: number, byte: number): number => (Math.imul(hash, 33) + byte) | 0;

export const bucketOf = (hash: number): number => ((hash >>> 16) ^ hash) & (BUCKETS - 1);

export class WordTable {
  private readonly address: number;
  private readonly most: number;

  /** @param most how many different words it can hold */
  constructor(address: number, most: number) {
    this.address = address;
    this.most = most;
  }

  static size(most: number): number {
    return roundUp(ENTRIES + most * ENTRY.SIZE, LINE);
  }

  // DOC: word-table-count
  /** Counts a word. */
  *count(word: Occurrence): Code {
    const known = yield* this.find(word);
    if (known !== NIL) {
      yield store(known + ENTRY.TIMES, (yield load(known + ENTRY.TIMES)) + word.times);
      return;
    }
    const used = yield load(this.address + USED);
    if (used === this.most)
      throw new RangeError(`more than ${used} different words: --set words=${2 * used}`);
    yield store(this.address + USED, used + 1);
    const entry = this.address + ENTRIES + used * ENTRY.SIZE;
    const head = this.head(bucketOf(word.hash));
    yield store(entry + ENTRY.NEXT, yield load(head));
    yield store(entry + ENTRY.HASH, word.hash);
    yield store(entry + ENTRY.AT, word.at);
    yield store(entry + ENTRY.LENGTH, word.length);
    yield store(entry + ENTRY.TIMES, word.times);
    yield store(head, entry);
  }

  /** How often a word was counted. */
  *timesOf(word: Occurrence): Code<number> {
    const entry = yield* this.find(word);
    return entry === NIL ? 0 : yield load(entry + ENTRY.TIMES);
  }

  /** How many different words are in it. */
  *different(): Code<number> {
    return yield load(this.address + USED);
  }

  /** The first entry of a bucket, or 0. */
  *first(bucket: number): Code<number> {
    return yield load(this.head(bucket));
  }

  /** The entry that comes after another one in its bucket, or 0. */
  static *next(entry: number): Code<number> {
    return yield load(entry + ENTRY.NEXT);
  }

  static *wordIn(entry: number): Code<Occurrence> {
    return {
      hash: yield load(entry + ENTRY.HASH),
      at: yield load(entry + ENTRY.AT),
      length: yield load(entry + ENTRY.LENGTH),
      times: yield load(entry + ENTRY.TIMES),
    };
  }

  private *find(word: Occurrence): Code<number> {
    let entry = yield load(this.head(bucketOf(word.hash)));
    while (entry !== NIL && !(yield* isSame(entry, word))) entry = yield load(entry + ENTRY.NEXT);
    return entry;
  }

  private head(bucket: number): number {
    return this.address + HEADS + 4 * bucket;
  }
}

function* isSame(entry: number, { hash, at, length }: Occurrence): Code<boolean> {
  if ((yield load(entry + ENTRY.HASH)) !== hash) return false;
  if ((yield load(entry + ENTRY.LENGTH)) !== length) return false;
  const other = yield load(entry + ENTRY.AT);
  for (let index = 0; index < length; index++) {
    if (letter(yield load8(other + index)) !== letter(yield load8(at + index))) return false;
  }
  return true;
}
