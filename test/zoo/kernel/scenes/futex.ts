/** A thread sleeps on a word until it changes, and another changes it and wakes whoever sleeps. */
import { futexWait, futexWake, store } from '../../../../userland/index.ts';
import { awaitWord, going, together, untilGoing, WORD } from './together.ts';

export const futex = together({
  name: 'futex',
  summary: 'Waits on a word that another hart changes',
  *other(shared) {
    yield* awaitWord(shared);
    yield* going(shared);
    yield* futexWait(shared + WORD.futex, 0, 0);
  },
  *first(shared) {
    yield* untilGoing(shared);
    yield store(shared + WORD.futex, 1);
    yield* futexWake(shared + WORD.futex, 1);
  },
});
