/** A page is unmapped while a thread on another hart uses it. Whoever comes too late is ended, and rightly. */
import { LIMIT, load, mark, MARK, munmap, store, work } from '../../../../userland/index.ts';
import { awaitWord, newPage, together, WORD } from './together.ts';

/** Longer than an interrupt is under way. */
const LONG = 5000;

export const unmap = together({
  name: 'unmap',
  summary: 'Unmaps a page that another hart uses',
  *prepare(shared) {
    const page = yield* newPage();
    yield store(page, 1);
    yield store(shared + WORD.page, page);
  },
  *other(shared) {
    const page = yield load(shared + WORD.page);
    yield load(page);
    yield* awaitWord(shared);
    yield work(LONG);
    yield load(page);
  },
  *first(shared) {
    const page = yield load(shared + WORD.page);
    yield* munmap(page, LIMIT.PAGE);
    yield mark(MARK.freed, page);
  },
});
