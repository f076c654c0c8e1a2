/**
 * What most scenes have in common: a first thread, and others on other harts, that get ready in the order
 * of time and then wait for the word. There the search begins.
 */
import {
  type Code,
  type Env,
  exploreHere,
  fetchAndAdd,
  joinThread,
  LIMIT,
  MAP,
  mmap,
  orThrow,
  place,
  type Program,
  program,
  spawnThread,
  spinUntil,
  store,
} from '../../../../userland/index.ts';

/** Words of the memory that the threads share, each in a line of its own. */
export const WORD = { ready: 0, go: 64, going: 128, page: 192, other: 256, futex: 320 } as const;

/** A page of memory. */
export function* newPage(flags: number = MAP.READ | MAP.WRITE, block = 0): Code<number> {
  return orThrow('mmap', yield* mmap(0, LIMIT.PAGE, flags, block));
}

/** Says that it is ready, and waits for the word. */
export function* awaitWord(shared: number): Code {
  yield fetchAndAdd(shared + WORD.ready, 1);
  yield spinUntil(shared + WORD.go, 1);
}

/** Goes on once the other has said that it is on its way. */
export function* untilGoing(shared: number): Code {
  yield spinUntil(shared + WORD.going, 1);
}

/** Says that it is on its way. */
export function* going(shared: number): Code {
  yield store(shared + WORD.going, 1);
}

interface Parts {
  readonly name: string;
  readonly summary: string;
  /** The harts of the other threads; by default hart 1. */
  readonly others?: readonly number[];
  /** Before the others start. */
  prepare?(shared: number): Code;
  /** What the first thread does once the word is given. */
  first(shared: number): Code;
  /** What each other does, from its start on. */
  other(shared: number): Code;
  /** What the first thread does when the others have ended; the status is what it gives. */
  after?(shared: number): Code<number | void>;
}

export const together = ({ name, summary, others = [1], prepare, first, other, after }: Parts): Program =>
  program({
    name,
    summary,
    *main(env: Env) {
      const shared = yield* newPage();
      if (prepare !== undefined) yield* prepare(shared);
      const threads: number[] = [];
      for (const hart of others) threads.push(yield* spawnThread(other, shared, hart));
      yield spinUntil(shared + WORD.ready, others.length);
      yield* exploreHere();
      yield store(shared + WORD.go, 1);
      yield* first(shared);
      for (const thread of threads) yield* joinThread(env, thread);
      yield* place('end');
      return after === undefined ? 0 : ((yield* after(shared)) ?? 0);
    },
  });
