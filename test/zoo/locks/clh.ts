/** A CLH lock whose threads keep their own node; in the correct twin each goes on with its predecessor's. */
import { fetchAndStore, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const TAIL = word(0);
const nodeOf = (hart: number): number => word(1 + hart);
/** The node, of nobody and released, that the first to come finds. */
const FIRST = word(8);

const taken = (takesPredecessors: boolean): Form => ({
  *code(hart) {
    let node = nodeOf(hart);
    for (let time = 0; time < 2; time++) {
      yield store(node, 1);
      const predecessor = yield fetchAndStore(TAIL, node);
      yield spinUntil(predecessor, 0);
      yield store(node, 0);
      if (takesPredecessors) node = predecessor;
    }
  },
});

export default bug({
  id: 'L06',
  title: 'CLH node used again by its owner',
  wrong: 'A thread comes back with the node that still is the tail, and waits for itself.',
  shows: 'deadlock',
  modelPreemptions: 0,
  initially: { [TAIL]: FIRST },
  faulty: taken(false),
  correct: taken(true),
});
