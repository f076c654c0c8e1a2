/** A page is unmapped while a thread on another hart faults on it for the first time. */
import { LIMIT, load, munmap, store } from '../../../../userland/index.ts';
import { awaitWord, going, newPage, together, untilGoing, WORD } from './together.ts';

export const unmapFault = together({
  name: 'unmap-fault',
  summary: 'Unmaps a page on which another hart faults',
  *prepare(shared) {
    yield store(shared + WORD.page, yield* newPage());
  },
  *other(shared) {
    const page = yield load(shared + WORD.page);
    yield* awaitWord(shared);
    yield* going(shared);
    yield load(page);
  },
  *first(shared) {
    yield* untilGoing(shared);
    yield* munmap(yield load(shared + WORD.page), LIMIT.PAGE);
  },
});
