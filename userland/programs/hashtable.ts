/**
 * A concurrent hash table with a lock for each bucket: threads insert, find and remove keys, half of them keys that all
 * use, half of them their own.
 *
 * Each member notes in memory of its own how often it has inserted each key and removed it. In the end the table must
 * hold the sum of the notes, no more and no less, and a key of one's own must have been found as often as noted at
 * any time. None of that depends on who was when.
 */
import { type Code, load, store, work } from '../../hw/isa/index.ts';
import type { Words } from '../program.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { nextRandom } from '../runtime/random.ts';
import type { Placement } from '../sync/placement.ts';
import { type Member, type Setting, type TeamMemory, teamProgram } from '../team/index.ts';
import { BucketTable } from './hashtable-store.ts';

/** Cycles between two operations. */
const BETWEEN = 20;
const NIL = 0;
/** Keys of a member's own. */
const OWN_KEYS = 4;

const PARAMETERS = {
  operations: { default: 400, min: 1, max: 10_000_000, summary: 'Operations of all threads together' },
  buckets: { default: 16, min: 1, max: 4096, summary: 'Buckets, each with a lock' },
  keys: { default: 32, min: 1, max: 4096, summary: 'Keys that all threads use' },
} as const;

type TableWords = Words<typeof PARAMETERS>;

/**
 * Each member's part: operations that found something wrong, its notes, entries to chain in, and every so many'th of the
 * buckets.
 */
const layout = ({ operations, buckets, keys }: TableWords, threads: number) => {
  const entries = LINE + roundUp(4 * (keys + OWN_KEYS), LINE);
  const heads = entries + Math.ceil(operations / threads) * BucketTable.ENTRY_SIZE;
  return { notes: LINE, entries, heads, end: heads + Math.ceil(buckets / threads) * LINE };
};

/** Where that lies for a team. */
const placesIn = (memory: TeamMemory, words: TableWords, threads: number) => {
  const { notes, entries, heads } = layout(words, threads);
  const bucket: Placement = (which) =>
    memory.own(which % threads) + heads + Math.floor(which / threads) * LINE;
  return {
    table: new BucketTable(bucket, words.buckets, words.operations),
    wrong: (index: number): number => memory.own(index),
    note: (index: number, place: number): number => memory.own(index) + notes + 4 * place,
    entries: (index: number): number => memory.own(index) + entries,
  };
};

/** A member's keys: those of all, and behind those of all the members' own. */
const keyOf = (index: number, place: number, keys: number): number =>
  place < keys ? place : place + index * OWN_KEYS;

export default teamProgram({
  name: 'hashtable',
  summary: 'Inserts, finds and removes keys of a hash table; a lock for each bucket',
  parameters: PARAMETERS,
  checks: ['contents', 'found'],
  locks: ({ buckets }) => buckets,
  size: (words, threads) => ({ own: layout(words, threads).end }),

  *work(member, words) {
    yield* new Customer(member, words).run();
  },

  *result(setting) {
    const [keys, sum] = yield* totals(setting);
    const { operations, buckets } = setting.words;
    return `${operations} operations on ${buckets} buckets, ${keys} keys left, ${sum} times in all`;
  },

  *judge(output, setting) {
    return yield* judgeTable(output, setting);
  },
});

/** One member at work. */
class Customer {
  private readonly member: Member;
  private readonly words: TableWords;
  private readonly at: ReturnType<typeof placesIn>;

  constructor(member: Member, words: TableWords) {
    this.member = member;
    this.words = words;
    this.at = placesIn(member.memory, words, member.threads);
  }

  *run(): Code {
    const { member, words, at } = this;
    const { begin, end } = member.share(words.operations);
    let random = nextRandom(member.index + 1);
    let wrong = 0;
    // Entries that it has taken out, chained, and after those the ones that were never used.
    let free = NIL;
    let fresh = at.entries(member.index);
    for (let operation = begin; operation < end; operation++) {
      yield work(BETWEEN);
      random = nextRandom(random);
      const isOwn = (random & 0x100) !== 0;
      const place = isOwn ? words.keys + ((random >>> 16) % OWN_KEYS) : (random >>> 16) % words.keys;
      const note = at.note(member.index, place);
      const key = keyOf(member.index, place, words.keys);
      const noted = yield load(note);
      switch (random & 7) {
        case 0:
        case 1: {
          const behind = free === NIL ? NIL : yield* BucketTable.behind(free);
          const isUsed = yield* this.insert(key, free === NIL ? fresh : free);
          if (isUsed && free === NIL) fresh += BucketTable.ENTRY_SIZE;
          else if (isUsed) free = behind;
          yield store(note, noted + 1);
          break;
        }
        case 2:
        case 3: {
          const removed = yield* this.remove(key);
          if (isOwn && removed >= 0 !== noted > 0) wrong++;
          if (removed > 0) {
            yield* BucketTable.free(removed, free);
            free = removed;
          }
          if (removed >= 0) yield store(note, noted - 1);
          break;
        }
        default:
          if ((yield* this.count(key)) !== noted && isOwn) wrong++;
      }
    }
    yield store(at.wrong(member.index), wrong);
  }

  // DOC: hashtable-insert-locked
  private *insert(key: number, fresh: number): Code<boolean> {
    const bucket = yield* this.at.table.bucketOf(key);
    yield* this.member.acquire(bucket);
    const isUsed = yield* this.at.table.lockedInsert(bucket, key, fresh);
    yield* this.member.release(bucket);
    return isUsed;
  }

  private *remove(key: number): Code<number> {
    const bucket = yield* this.at.table.bucketOf(key);
    yield* this.member.acquire(bucket);
    const removed = yield* this.at.table.lockedRemove(bucket, key);
    yield* this.member.release(bucket);
    return removed;
  }

  private *count(key: number): Code<number> {
    const bucket = yield* this.at.table.bucketOf(key);
    yield* this.member.acquire(bucket);
    const count = yield* this.at.table.lockedCount(bucket, key);
    yield* this.member.release(bucket);
    return count;
  }
}

type TableSetting = Setting<typeof PARAMETERS>;

/** How many keys are in the table, and their counts together. */
function* totals({ memory, words, threads }: TableSetting): Code<readonly [number, number]> {
  const { table } = placesIn(memory, words, threads);
  let [keys, sum] = [0, 0];
  for (let bucket = 0; bucket < words.buckets; bucket++) {
    const [more, times] = yield* table.totals(bucket);
    keys += more;
    sum += times;
  }
  return [keys, sum];
}

/** Looks up every key that was ever noted; what is in the table beside those, or twice, is one too many. */
function* judgeTable(output: Output, setting: TableSetting): Code<boolean> {
  const { memory, words, threads } = setting;
  const { table, note, wrong } = placesIn(memory, words, threads);
  let [others, expectedKeys, wrongs] = [0, 0, 0];
  for (let index = 0; index < threads; index++) {
    wrongs += yield load(wrong(index));
    // The keys of all are looked up once.
    for (let place = index === 0 ? 0 : words.keys; place < words.keys + OWN_KEYS; place++) {
      let expected = 0;
      for (let by = 0; by < threads; by++)
        if (place < words.keys || by === index) expected += yield load(note(by, place));
      const key = keyOf(index, place, words.keys);
      const count = yield* table.lockedCount(yield* table.bucketOf(key), key);
      if (count !== expected) others++;
      if (expected > 0) expectedKeys++;
    }
  }
  const [keys] = yield* totals(setting);
  const isRight = others === 0 && keys === expectedKeys;
  const detail = `${keys} keys of ${expectedKeys}, ${others} not as often as noted`;
  const isContents = yield* report(output, 'contents', isRight, detail);
  return (
    (yield* report(output, 'found', wrongs === 0, `${wrongs} own keys not as they were left`)) && isContents
  );
}
