/** An MCS lock whose waiter links itself, then resets its flag; the correct twin is the library's. */
import {
  type Code,
  compareAndSwap,
  fetchAndStore,
  load,
  spinUntil,
  spinUntilNot,
  store,
} from '../../../hw/isa/index.ts';
import { bug } from '../bug.ts';
import { counting } from './counting.ts';
import { gotIt, mcs, next, nodeOf, TAIL } from './mcs.ts';

const flagSetAfterLinking = {
  *acquire(hart: number): Code {
    const me = nodeOf(hart);
    yield store(next(me), 0);
    const predecessor = yield fetchAndStore(TAIL, me);
    if (predecessor === 0) return;
    yield store(next(predecessor), me);
    yield store(gotIt(me), 0);
    yield spinUntil(gotIt(me), 1);
  },
  *release(hart: number): Code {
    const me = nodeOf(hart);
    let successor = yield load(next(me));
    if (successor === 0) {
      if ((yield compareAndSwap(TAIL, me, 0)) === me) return;
      successor = yield spinUntilNot(next(me), 0);
    }
    yield store(gotIt(successor), 1);
  },
};

export default bug({
  id: 'L03',
  title: 'MCS flag reset after linking',
  wrong: 'A thread links itself, then resets its flag: the predecessor may have set it in between.',
  shows: 'deadlock',
  modelPreemptions: 2,
  faulty: counting(flagSetAfterLinking, [1, 1]),
  correct: counting(mcs, [1, 1]),
});
