/**
 * A consumer that waits on a condition variable and does not look again when woken; the correct twin does.
 * A second consumer, which never waits, may have taken the item. The buffer has room for one item, and the
 * producer makes two, so that the waiting consumer gets one in any case.
 */
import { awaitTestAndSet, type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const LOCK = word(0);
const ITEMS = word(1);
/** 1 while the consumer waits to be signalled. */
const WAITING = word(2);

function* wait(): Code {
  yield store(WAITING, 1);
  yield store(LOCK, 0);
  yield spinUntil(WAITING, 0);
  yield awaitTestAndSet(LOCK);
}

function* produce(): Code {
  for (let item = 0; item < 2; item++) {
    yield spinUntil(ITEMS, 0);
    yield awaitTestAndSet(LOCK);
    yield store(ITEMS, 1);
    yield store(WAITING, 0);
    yield store(LOCK, 0);
  }
}

/** @param mostWaits how often to wait for an item before taking it for granted */
function* consume(mostWaits: number): Code {
  yield awaitTestAndSet(LOCK);
  let items = yield load(ITEMS);
  for (let waits = 0; items === 0 && waits < mostWaits; waits++) {
    yield* wait();
    items = yield load(ITEMS);
  }
  check(items === 1, 'nothing there to take');
  yield store(ITEMS, 0);
  yield store(LOCK, 0);
}

function* consumeIfThere(): Code {
  yield awaitTestAndSet(LOCK);
  if ((yield load(ITEMS)) === 1) yield store(ITEMS, 0);
  yield store(LOCK, 0);
}

const sharing = (mostWaits: number): Form => ({
  code: (hart) => (hart === 0 ? consume(mostWaits) : hart === 1 ? produce() : consumeIfThere()),
});

export default bug({
  id: 'W02',
  title: 'if instead of while around a wait',
  wrong: 'The woken thread takes what a third one has taken between the signal and its getting the lock.',
  shows: 'assertion',
  modelPreemptions: 0,
  harts: 3,
  faulty: sharing(1),
  correct: sharing(Number.POSITIVE_INFINITY),
});
