/** Threads on several harts touch the same new page at the same time; each finds what it has stored itself. */
import { type Code, LIMIT, load, MAP, munmap, type Program, store } from '../../../../userland/index.ts';
import { awaitWord, newPage, together, WORD } from './together.ts';

const MINE = 512;
const DISK = MAP.READ | MAP.WRITE | MAP.DISK;
const BLOCK = 8;
/** Every byte of the disk. */
export const ON_DISK = 0x2a;
const WORD_ON_DISK = 0x2a2a2a2a;
const UNTOUCHED = 1024;

function* touch(shared: number): Code {
  const page = yield load(shared + WORD.page);
  yield* awaitWord(shared);
  yield store(page + MINE, 1);
}

const faults = (name: string, others: readonly number[], looksOn = false): Program =>
  together({
    name,
    summary: 'Several harts that touch one new page',
    others,
    *prepare(shared) {
      yield store(shared + WORD.page, yield* newPage(DISK, BLOCK));
    },
    other: touch,
    *first(shared) {
      if (!looksOn) yield store(yield load(shared + WORD.page), 1);
    },
    *after(shared) {
      const page = yield load(shared + WORD.page);
      const mine = yield load(page + MINE);
      const first = yield load(page);
      const rest = yield load(page + UNTOUCHED);
      yield* munmap(page, LIMIT.PAGE);
      return mine === 1 && first === (looksOn ? WORD_ON_DISK : 1) && rest === WORD_ON_DISK ? 0 : 1;
    },
  });

export const fault = faults('fault', [1]);
/** The first thread only looks on, and two others touch the page. */
export const faultOfTwoOthers = faults('fault-of-two-others', [2, 3], true);
