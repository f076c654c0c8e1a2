/** A CLH lock whose threads keep their own node; in the correct twin each goes on with its predecessor's. */
import { fetchAndStore, spinUntil, store } from '../../../hw/isa/index.ts';
import { bare, type Bug, word } from '../bug.ts';

const TAIL = word(0);
const nodeOf = (hart: number): number => word(1 + hart);
/** The node, of nobody and released, that the first to come finds. */
const FIRST = word(8);

const taken = (takesPredecessors: boolean) =>
  bare({
    harts: 2,
    initially: { [TAIL]: FIRST },
    *program(hart) {
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

export const clhNodeKept: Bug = {
  id: 'L06',
  name: 'CLH node used again by its owner',
  wrong: 'A thread comes back with the node that still is the tail, and waits for itself.',
  shows: 'deadlock',
  modelPreemptions: 0,
  harts: 2,
  faulty: taken(false),
  correct: taken(true),
};
