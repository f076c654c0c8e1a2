/**
 * A model of a directory protocol: the owner writes a line back while the directory forwards a request for it. The
 * line is no longer in the cache, but still in the write-back buffer, from which the correct twin answers. Words stand
 * for the messages: transactions of the emulated machine are atomic, and none is ever on its way.
 */
import { awaitTestAndSet, type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

/** The directory is locked while it handles a message. */
const DIRECTORY = word(0);
const OWNED = word(1);
const FORWARDED = word(2);
const ANSWERED = word(3);

function* evict(answersFromBuffer: boolean): Code {
  yield awaitTestAndSet(DIRECTORY);
  yield store(OWNED, 0);
  const forwarded = yield load(FORWARDED);
  yield store(DIRECTORY, 0);
  if (forwarded === 1 && answersFromBuffer) yield store(ANSWERED, 1);
}

function* request(): Code {
  yield awaitTestAndSet(DIRECTORY);
  const owned = yield load(OWNED);
  if (owned === 1) yield store(FORWARDED, 1);
  yield store(DIRECTORY, 0);
  if (owned === 1) yield spinUntil(ANSWERED, 1);
}

const racing = (answersFromBuffer: boolean): Form => ({
  code: (hart) => (hart === 0 ? evict(answersFromBuffer) : request()),
});

export default bug({
  id: 'C03',
  title: 'write-back races with a forwarded request',
  wrong: 'The owner drops a forwarded request for a line that is on its way to memory.',
  shows: 'deadlock',
  modelPreemptions: 0,
  initially: { [OWNED]: 1 },
  faulty: racing(false),
  correct: racing(true),
});
