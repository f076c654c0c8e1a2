/** A thread unmaps one page, and at once another: two shootdowns, one after the other, of a hart that spins. */
import { LIMIT, load, mark, MARK, munmap, spinUntil, store } from '../../../../userland/index.ts';
import { awaitWord, newPage, together, WORD } from './together.ts';

export const unmapTwice = together({
  name: 'unmap-twice',
  summary: 'Unmaps two pages, one after the other',
  *prepare(shared) {
    for (const word of [WORD.page, WORD.other]) {
      const page = yield* newPage();
      yield store(page, 1);
      yield store(shared + word, page);
    }
  },
  *other(shared) {
    yield* awaitWord(shared);
    yield spinUntil(shared + WORD.going, 1);
  },
  *first(shared) {
    for (const word of [WORD.page, WORD.other]) {
      const page = yield load(shared + word);
      yield* munmap(page, LIMIT.PAGE);
      yield mark(MARK.freed, page);
    }
    yield store(shared + WORD.going, 1);
  },
});
