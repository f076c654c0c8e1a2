/** An MCS lock that is released without a compare-and-swap; the correct twin is the library's. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { bug } from '../bug.ts';
import { counting } from './counting.ts';
import { gotIt, mcs, next, nodeOf, TAIL } from './mcs.ts';

const releaseWithoutSwap = {
  ...mcs,
  *release(hart: number): Code {
    const successor = yield load(next(nodeOf(hart)));
    if (successor === 0) yield store(TAIL, 0);
    else yield store(gotIt(successor), 1);
  },
};

export default bug({
  id: 'L01',
  title: 'MCS release without compare-and-swap',
  wrong: 'A release that sees no successor clears the tail, though somebody may have joined meanwhile.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: counting(releaseWithoutSwap, [1, 1]),
  correct: counting(mcs, [2, 2]),
});
