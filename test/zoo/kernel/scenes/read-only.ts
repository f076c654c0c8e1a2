/** A store to a page that may only be read: the program is ended, and rightly. */
import { exploreHere, load, MAP, program, store } from '../../../../userland/index.ts';
import { newPage } from './together.ts';

export const readOnly = program({
  name: 'read-only',
  summary: 'Stores to a page that may only be read',
  *main() {
    const page = yield* newPage(MAP.READ);
    yield load(page);
    yield* exploreHere();
    yield store(page, 1);
  },
});
