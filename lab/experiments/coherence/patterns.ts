/**
 * The sharing patterns that decide which protocol is good (Gupta & Weber, *Cache Invalidation Patterns in
 * Shared-Memory Multiprocessors*, 1992, name them), each a program for every hart, with the words that are
 * left when all is done: what they should be, a coherent machine must leave.
 */
import { type Code, fetchAndAdd, load, store, work } from '../../../hw/isa/index.ts';
import { xorshift } from '../framework/random.ts';
import type { Layout, Sharing } from './sharing.ts';

/** Counts what was read and was not what it should have been. */
export interface Errors {
  count: number;
}

export interface Pattern {
  readonly summary: string;
  readonly program: (
    layout: Layout,
    sharing: Sharing,
    rounds: number,
    errors: Errors,
  ) => (hart: number) => Code;
  /** How many words of data are read and written by all harts. */
  readonly accesses: (harts: number, rounds: number) => number;
  /** Words by address, as they must be in the end. */
  readonly outcome: (layout: Layout, rounds: number) => ReadonlyMap<number, number>;
}

/** Words of a shared table, record or buffer: one line at least, however long lines are. */
const WORDS = 64;
const WORD = 4;
/** Computation between two accesses. */
const THINK = 10;
/** Of so many reads of the writer one is followed by a write. */
const READS_PER_WRITE = 32;
/** Rounds of the patterns that go word by word, for one round of the others. */
const STEPS = 32;
const LARGEST_LINE = 256;

const wordOf = ({ data }: Layout, index: number): number => data + index * WORD;

/** A table that all read and one rarely writes. */
const readMostly: Pattern = {
  summary: 'All harts read a table; the first writes a word after every 32 reads.',
  program: (layout, sharing, rounds) =>
    function* (hart) {
      const random = xorshift(hart + 1);
      for (let step = 1; step <= rounds * STEPS; step++) {
        const address = wordOf(layout, random() % WORDS);
        yield* sharing.refresh(address, WORD);
        yield load(address);
        if (hart === 0 && step % READS_PER_WRITE === 0) {
          const written = wordOf(layout, (step / READS_PER_WRITE) % WORDS);
          yield store(written, step);
          yield* sharing.publish(written, WORD);
        }
        yield work(THINK);
      }
    },
  accesses: (harts, rounds) => harts * rounds * STEPS + (rounds * STEPS) / READS_PER_WRITE,
  outcome: (layout, rounds) => {
    const words = new Map<number, number>();
    for (let step = READS_PER_WRITE; step <= rounds * STEPS; step += READS_PER_WRITE) {
      words.set(wordOf(layout, (step / READS_PER_WRITE) % WORDS), step);
    }
    return words;
  },
};

/** A record that goes from hart to hart, each of which changes all of it. */
const migratory: Pattern = {
  summary: 'A record goes round; each hart reads and writes all of its words, then hands it on.',
  program: (layout, sharing, rounds) =>
    function* (hart) {
      const next = layout.flagOf((hart + 1) % layout.harts);
      for (let round = 1; round <= rounds; round++) {
        yield* sharing.waitFor(layout.flagOf(hart), hart === 0 ? round - 1 : round);
        yield* sharing.refresh(layout.data, WORDS * WORD);
        for (let index = 0; index < WORDS; index++) {
          const value = yield load(wordOf(layout, index));
          yield store(wordOf(layout, index), value + 1);
        }
        yield* sharing.publish(layout.data, WORDS * WORD);
        yield* sharing.signal(next, round);
      }
    },
  accesses: (harts, rounds) => harts * rounds * WORDS * 2,
  outcome: (layout, rounds) =>
    new Map(Array.from({ length: WORDS }, (_, index) => [wordOf(layout, index), rounds * layout.harts])),
};

/** A buffer that one fills and all others read. */
const producerConsumer: Pattern = {
  summary: 'The first hart fills a buffer, all others read it, and it is filled again.',
  program: (layout, sharing, rounds, errors) =>
    function* (hart) {
      const consumers = layout.harts - 1;
      const filled = layout.flagOf(0);
      for (let round = 1; round <= rounds; round++) {
        if (hart === 0) {
          for (let index = 0; index < WORDS; index++) yield store(wordOf(layout, index), round + index);
          yield* sharing.publish(layout.data, WORDS * WORD);
          yield* sharing.signal(filled, round);
          yield* sharing.waitFor(layout.counter, round * consumers);
        } else {
          yield* sharing.waitFor(filled, round);
          yield* sharing.refresh(layout.data, WORDS * WORD);
          for (let index = 0; index < WORDS; index++) {
            if ((yield load(wordOf(layout, index))) !== round + index) errors.count++;
          }
          yield fetchAndAdd(layout.counter, 1);
        }
      }
    },
  accesses: (harts, rounds) => harts * rounds * WORDS,
  outcome: (layout, rounds) =>
    new Map(Array.from({ length: WORDS }, (_, index) => [wordOf(layout, index), rounds + index])),
};

/** A word of its own for every hart, with so many bytes between them. */
const ownWords = (summary: string, apart: number): Pattern => ({
  summary,
  program: (layout, sharing, rounds) =>
    function* (hart) {
      const address = layout.data + hart * apart;
      for (let step = 0; step < rounds * STEPS; step++) {
        const value = yield load(address);
        yield store(address, value + 1);
        yield work(THINK);
      }
      yield* sharing.publish(address, WORD);
    },
  accesses: (harts, rounds) => harts * rounds * STEPS * 2,
  outcome: (layout, rounds) =>
    new Map(Array.from({ length: layout.harts }, (_, hart) => [layout.data + hart * apart, rounds * STEPS])),
});

export const PATTERNS: Readonly<Record<string, Pattern>> = {
  'read-mostly': readMostly,
  migratory,
  'producer-consumer': producerConsumer,
  'false-sharing': ownWords('Every hart counts in a word of its own; the words lie side by side.', WORD),
  padded: ownWords('The same with each word in a line of its own: nothing is shared.', LARGEST_LINE),
};
