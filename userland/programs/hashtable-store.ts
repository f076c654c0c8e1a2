/**
 * The table of `hashtable`: buckets of entries that are chained, each with a key and how often it was inserted. Whoever
 * calls holds the lock of the key's bucket, which has the bucket's number.
 *
 * Locking: the lock of a bucket guards its chain and the entries in it. An entry that is in no chain belongs to the
 * member that took it out.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import { LINE } from '../runtime/line.ts';
import type { Placement } from '../sync/placement.ts';

const NIL = 0;
/** Cycles of a hash. */
const HASH = 4;
const ENTRY = { NEXT: 0, KEY: 4, COUNT: 8, SIZE: LINE } as const;

export class BucketTable {
  private readonly place: Placement;
  private readonly buckets: number;
  private readonly most: number;

  /**
   * @param place where the line of each bucket lies
   * @param most how many entries there can be
   */
  constructor(place: Placement, buckets: number, most: number) {
    this.place = place;
    this.buckets = buckets;
    this.most = most;
  }

  static readonly ENTRY_SIZE = ENTRY.SIZE;

  /** Chains a free entry in front of others. */
  static *free(entry: number, others: number): Code {
    yield store(entry + ENTRY.NEXT, others);
  }

  /** The free entry behind this one. */
  static *behind(entry: number): Code<number> {
    return yield load(entry + ENTRY.NEXT);
  }

  /** The bucket of a key (Knuth's multiplicative hash). */
  *bucketOf(key: number): Code<number> {
    yield work(HASH);
    return (Math.imul(key + 1, 0x9e37_79b1) >>> 8) % this.buckets;
  }

  // DOC: hashtable-insert
  /**
   * Counts a key once more.
   * @param fresh an entry to chain in, if the key is not there yet
   * @returns whether that was used
   */
  *lockedInsert(bucket: number, key: number, fresh: number): Code<boolean> {
    const entry = yield* this.find(bucket, key);
    if (entry !== NIL) {
      yield store(entry + ENTRY.COUNT, (yield load(entry + ENTRY.COUNT)) + 1);
      return false;
    }
    yield store(fresh + ENTRY.NEXT, yield load(this.head(bucket)));
    yield store(fresh + ENTRY.KEY, key);
    yield store(fresh + ENTRY.COUNT, 1);
    yield store(this.head(bucket), fresh);
    return true;
  }

  /** How often a key was inserted, less how often it was removed. */
  *lockedCount(bucket: number, key: number): Code<number> {
    const entry = yield* this.find(bucket, key);
    return entry === NIL ? 0 : yield load(entry + ENTRY.COUNT);
  }

  /**
   * Counts a key once less.
   * @returns -1 if it was not there; 0 if it still is; or the entry that was its own, and is free now
   */
  *lockedRemove(bucket: number, key: number): Code<number> {
    let link = this.head(bucket) + ENTRY.NEXT;
    let seen = 0;
    for (let entry = yield load(link); entry !== NIL; entry = yield load(link)) {
      this.checkEnd(bucket, seen++);
      if ((yield load(entry + ENTRY.KEY)) === key) {
        const count = (yield load(entry + ENTRY.COUNT)) - 1;
        yield store(entry + ENTRY.COUNT, count);
        if (count > 0) return 0;
        yield store(link, yield load(entry + ENTRY.NEXT));
        return entry;
      }
      link = entry + ENTRY.NEXT;
    }
    return -1;
  }

  /** How many keys are in a bucket, and their counts together. */
  *totals(bucket: number): Code<readonly [number, number]> {
    let [keys, sum] = [0, 0];
    let entry = yield load(this.head(bucket));
    while (entry !== NIL) {
      this.checkEnd(bucket, ++keys);
      sum += yield load(entry + ENTRY.COUNT);
      entry = yield load(entry + ENTRY.NEXT);
    }
    return [keys, sum];
  }

  private *find(bucket: number, key: number): Code<number> {
    let entry = yield load(this.head(bucket));
    for (let seen = 0; entry !== NIL && (yield load(entry + ENTRY.KEY)) !== key; seen++) {
      this.checkEnd(bucket, seen);
      entry = yield load(entry + ENTRY.NEXT);
    }
    return entry;
  }

  /** @throws RangeError when a chain is longer than there are entries: a lock has let two in */
  private checkEnd(bucket: number, seen: number): void {
    if (seen > this.most) throw new RangeError(`the chain of bucket ${bucket} has no end`);
  }

  private head(bucket: number): number {
    return this.place(bucket);
  }
}
