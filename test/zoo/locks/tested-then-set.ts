/** A lock that is tested, then set, in two instructions; the correct twin does both in one. */
import { awaitTestAndSet, type Code, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, word } from '../bug.ts';
import { counting } from './counting.ts';

const LOCK = word(0);

function* release(): Code {
  yield store(LOCK, 0);
}

function* testThenSet(): Code {
  yield spinUntil(LOCK, 0);
  yield store(LOCK, 1);
}

function* testAndSet(): Code {
  yield awaitTestAndSet(LOCK);
}

export default bug({
  id: 'L04',
  title: 'test-and-set that is not atomic',
  wrong: 'The lock is tested by a load and set by a store: two threads may both find it free.',
  shows: 'assertion',
  modelPreemptions: 2,
  faulty: counting({ acquire: testThenSet, release }, [1, 1]),
  correct: counting({ acquire: testAndSet, release }, [2, 2]),
});
