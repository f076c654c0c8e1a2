/** Two threads each unmap a page of their own, at the same time: each shoots at the other. */
import { type Code, LIMIT, load, munmap, store } from '../../../../userland/index.ts';
import { awaitWord, newPage, together, WORD } from './together.ts';

function* unmapAt(address: number): Code {
  yield* munmap(yield load(address), LIMIT.PAGE);
}

export const unmapBoth = together({
  name: 'unmap-both',
  summary: 'Two harts that each unmap a page',
  *prepare(shared) {
    for (const word of [WORD.page, WORD.other]) {
      const page = yield* newPage();
      yield store(page, 1);
      yield store(shared + word, page);
    }
  },
  *other(shared) {
    yield* awaitWord(shared);
    yield* unmapAt(shared + WORD.other);
  },
  first: (shared) => unmapAt(shared + WORD.page),
});
