/** A process ends while a thread of it on another hart goes to sleep for ever. */
import { exit, futexWait } from '../../../../userland/index.ts';
import { awaitWord, going, together, untilGoing, WORD } from './together.ts';

export const exitWhileWaiting = together({
  name: 'exit-while-waiting',
  summary: 'Ends while another hart begins to wait',
  *other(shared) {
    yield* awaitWord(shared);
    yield* going(shared);
    yield* futexWait(shared + WORD.futex, 0, 0);
  },
  *first(shared) {
    yield* untilGoing(shared);
    yield* exit(0);
  },
});
