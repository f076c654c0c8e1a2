/**
 * Map and reduce: how often each word occurs in a file. Pieces of the file are dealt out under a lock; whoever has one
 * counts its words in a table of its own (map). When all have met, each member adds up those buckets of all tables that
 * are its own (reduce), so that two never write to one table.
 *
 * A word belongs to the piece in which it begins. Checked against one thread that reads the file from end to end.
 */
import { type Code, load, load8, store, work } from '../../hw/isa/index.ts';
import type { Words } from '../program.ts';
import { LINE } from '../runtime/line.ts';
import type { Output } from '../runtime/output.ts';
import { report } from '../runtime/print.ts';
import { type Member, type Setting, type TeamMemory, teamProgram } from '../team/index.ts';
import { BUCKETS, bucketOf, hashed, letter, type Occurrence, WordTable } from './word-table.ts';
import { mapText } from './wordcount-text.ts';

/** Cycles to look at a letter and hash it. */
const LETTER = 3;

const PARAMETERS = {
  bytes: {
    default: 2048,
    min: 1,
    max: 8 << 20,
    summary: 'Bytes of the file, from the first block of the disk on',
  },
  piece: { default: 128, min: 1, max: 1 << 20, summary: 'Bytes that are dealt out at a time' },
  words: { default: 256, min: 1, max: 1 << 16, summary: 'Most different words' },
} as const;

type CountWords = Words<typeof PARAMETERS>;

const TEXT = 0;
const NEXT = LINE;
const TOTAL = LINE + 4;
const OTHER = 2 * LINE;

/** Each member's tables, of what it has mapped and what it has reduced; and the one that is compared with them. */
const tablesIn = (memory: TeamMemory, { words }: CountWords) => ({
  mapped: (index: number): WordTable => new WordTable(memory.own(index), words),
  reduced: (index: number): WordTable => new WordTable(memory.own(index) + WordTable.size(words), words),
  other: new WordTable(memory.common + OTHER, words),
});

export default teamProgram({
  name: 'wordcount',
  summary: 'Counts the words of a file on the disk (--disk): map and reduce',
  parameters: PARAMETERS,
  checks: ['words', 'total'],
  needsKernel: true,
  size: ({ words }) => ({ common: OTHER + WordTable.size(words), own: 2 * WordTable.size(words) }),

  *setUp({ memory, words: { bytes } }) {
    yield store(memory.common + TEXT, yield* mapText(bytes));
  },

  *work(member, words) {
    const { mapped } = tablesIn(member.memory, words);
    const text = yield load(member.memory.common + TEXT);
    let total = 0;
    for (;;) {
      const piece = yield* takePiece(member);
      const begin = piece * words.piece;
      if (begin >= words.bytes) break;
      total += yield* mapPiece(mapped(member.index), text, begin, words);
    }
    yield* addTotal(member, total);
    yield* member.meet();
    yield* reduce(member, words);
  },

  *result(setting) {
    const { bytes } = setting.words;
    const total = yield load(setting.memory.common + TOTAL);
    const { word, times, different } = yield* mostFrequent(setting);
    return `${bytes} bytes, ${total} words, ${different} different, most often "${word}" (${times})`;
  },

  *judge(output, setting) {
    return yield* judgeCounts(output, setting);
  },
});

/** The number of a piece that nobody has taken yet. */
function* takePiece(member: Member): Code<number> {
  yield* member.acquire();
  const next = yield load(member.memory.common + NEXT);
  yield store(member.memory.common + NEXT, next + 1);
  yield* member.release();
  return next;
}

function* addTotal(member: Member, total: number): Code {
  yield* member.acquire();
  yield store(member.memory.common + TOTAL, (yield load(member.memory.common + TOTAL)) + total);
  yield* member.release();
}

// DOC: wordcount-map
/** Counts the words that begin in a piece; gives how many there are. */
function* mapPiece(table: WordTable, text: number, begin: number, words: CountWords): Code<number> {
  const end = Math.min(words.bytes, begin + words.piece);
  let at = begin;
  let count = 0;
  // A word that began before is not this piece's.
  if (begin > 0 && letter(yield load8(text + begin - 1)) !== 0) {
    while (at < end && letter(yield load8(text + at)) !== 0) at++;
  }
  while (at < end) {
    const word = yield* readWord(text, at, words.bytes);
    if (word.length === 0) at++;
    else {
      yield* table.count(word);
      count++;
      at += word.length;
    }
  }
  return count;
}

/** The letters from a place on, as far as they go. */
function* readWord(text: number, from: number, bytes: number): Code<Occurrence> {
  let [hash, length] = [0, 0];
  for (; from + length < bytes; length++) {
    const next = letter(yield load8(text + from + length));
    if (next === 0) break;
    hash = hashed(hash, next);
  }
  yield work(LETTER * (length + 1));
  return { hash, at: text + from, length, times: 1 };
}

// DOC: wordcount-reduce
function* reduce(member: Member, words: CountWords): Code {
  const { mapped, reduced } = tablesIn(member.memory, words);
  const own = reduced(member.index);
  for (let bucket = member.index; bucket < BUCKETS; bucket += member.threads) {
    for (let by = 0; by < member.threads; by++) {
      let entry = yield* mapped(by).first(bucket);
      for (; entry !== 0; entry = yield* WordTable.next(entry)) {
        yield* own.count(yield* WordTable.wordIn(entry));
      }
    }
  }
}

type CountSetting = Setting<typeof PARAMETERS>;

/** The word that occurs most often (of several, the one with the least hash), and how many words there are. */
function* mostFrequent({ memory, words, threads }: CountSetting): Code<{
  readonly word: string;
  readonly times: number;
  readonly different: number;
}> {
  const { reduced } = tablesIn(memory, words);
  let best: Occurrence = { hash: 0, at: 0, length: 0, times: 0 };
  let different = 0;
  for (let index = 0; index < threads; index++) different += yield* reduced(index).different();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    let entry = yield* reduced(bucket % threads).first(bucket);
    for (; entry !== 0; entry = yield* WordTable.next(entry)) {
      const word = yield* WordTable.wordIn(entry);
      if (word.times > best.times || (word.times === best.times && word.hash < best.hash)) best = word;
    }
  }
  const bytes: number[] = [];
  for (let index = 0; index < best.length; index++) bytes.push(letter(yield load8(best.at + index)));
  return { word: new TextDecoder().decode(Uint8Array.from(bytes)), times: best.times, different };
}

/** One thread reads the file letter by letter, and looks up every word that it has found. */
function* judgeCounts(output: Output, setting: CountSetting): Code<boolean> {
  const { memory, words, threads } = setting;
  const { reduced, other } = tablesIn(memory, words);
  const text = yield load(memory.common + TEXT);
  let [hash, length, total] = [0, 0, 0];
  for (let at = 0; at <= words.bytes; at++) {
    const next = at < words.bytes ? letter(yield load8(text + at)) : 0;
    if (next !== 0) {
      hash = hashed(hash, next);
      length++;
    } else if (length > 0) {
      yield* other.count({ hash, at: text + at - length, length, times: 1 });
      total++;
      [hash, length] = [0, 0];
    }
  }
  let right = 0;
  let found = 0;
  for (let index = 0; index < threads; index++) found += yield* reduced(index).different();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    let entry = yield* other.first(bucket);
    for (; entry !== 0; entry = yield* WordTable.next(entry)) {
      const word = yield* WordTable.wordIn(entry);
      if ((yield* reduced(bucketOf(word.hash) % threads).timesOf(word)) === word.times) right++;
    }
  }
  const wanted = yield* other.different();
  const isWords = yield* report(
    output,
    'words',
    right === wanted && found === wanted,
    `${right} of ${wanted} as often as they occur, ${found} found`,
  );
  const counted = yield load(memory.common + TOTAL);
  return (yield* report(output, 'total', counted === total, `${counted} of ${total}`)) && isWords;
}
