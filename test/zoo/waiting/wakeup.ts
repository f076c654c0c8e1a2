/** A sleeper that lets the lock go before it is on the queue; the correct twin is on the queue first. */
import { awaitTestAndSet, type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const LOCK = word(0);
const READY = word(1);
const QUEUED = word(2);
const WOKEN = word(3);

function* sleep(queuesFirst: boolean): Code {
  yield awaitTestAndSet(LOCK);
  if ((yield load(READY)) === 1) {
    yield store(LOCK, 0);
    return;
  }
  if (queuesFirst) yield store(QUEUED, 1);
  yield store(LOCK, 0);
  if (!queuesFirst) yield store(QUEUED, 1);
  yield spinUntil(WOKEN, 1);
}

function* wake(): Code {
  yield awaitTestAndSet(LOCK);
  yield store(READY, 1);
  if ((yield load(QUEUED)) === 1) yield store(WOKEN, 1);
  yield store(LOCK, 0);
}

const meeting = (queuesFirst: boolean): Form => ({
  code: (hart) => (hart === 0 ? sleep(queuesFirst) : wake()),
});

export default bug({
  id: 'W01',
  title: 'lost wake-up',
  wrong: 'Between letting the lock go and joining the queue, the sleeper is seen by nobody who wakes.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: meeting(false),
  correct: meeting(true),
});
