/** A parent looks for an ended child before it takes the lock for it; the correct twin holds the lock. */
import { awaitTestAndSet, type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const LOCK = word(0);
const ENDED = word(1);
const WAITING = word(2);
const WOKEN = word(3);

function* waitForChild(looksUnderLock: boolean): Code {
  if (looksUnderLock) yield awaitTestAndSet(LOCK);
  const ended = yield load(ENDED);
  if (!looksUnderLock) yield awaitTestAndSet(LOCK);
  if (ended === 0) yield store(WAITING, 1);
  yield store(LOCK, 0);
  if (ended === 0) yield spinUntil(WOKEN, 1);
}

function* end(): Code {
  yield awaitTestAndSet(LOCK);
  yield store(ENDED, 1);
  if ((yield load(WAITING)) === 1) yield store(WOKEN, 1);
  yield store(LOCK, 0);
}

const family = (looksUnderLock: boolean): Form => ({
  code: (hart) => (hart === 0 ? waitForChild(looksUnderLock) : end()),
});

export default bug({
  id: 'W04',
  title: 'children looked at without the lock',
  wrong: 'A child ends after its parent has looked and before it waits, and finds nobody to wake.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: family(false),
  correct: family(true),
});
