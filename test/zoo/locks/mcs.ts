/** Two ways to get the MCS lock wrong; the correct twin is the library's. */
import {
  type Code,
  compareAndSwap,
  fetchAndStore,
  load,
  spinUntil,
  spinUntilNot,
  store,
} from '../../../hw/isa/index.ts';
import { McsLock } from '../../../userland/sync/index.ts';
import { type Bug, word } from '../bug.ts';
import { counting } from './counting.ts';

const TAIL = word(0);
const next = (node: number): number => node;
const gotIt = (node: number): number => node + 4;
const nodeOf = (hart: number): number => word(1 + hart);

const library = new McsLock(TAIL);
const correct = {
  acquire: (hart: number): Code => library.acquire(nodeOf(hart)),
  release: (hart: number): Code => library.release(nodeOf(hart)),
};

const releaseWithoutSwap = {
  ...correct,
  *release(hart: number): Code {
    const successor = yield load(next(nodeOf(hart)));
    if (successor === 0) yield store(TAIL, 0);
    else yield store(gotIt(successor), 1);
  },
};

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

export const mcsReleaseWithoutSwap: Bug = {
  id: 'L01',
  name: 'MCS release without compare-and-swap',
  wrong: 'A release that sees no successor clears the tail, though somebody may have joined meanwhile.',
  shows: 'deadlock',
  modelPreemptions: 1,
  harts: 2,
  faulty: counting(releaseWithoutSwap, [1, 1]),
  correct: counting(correct, [2, 2]),
};

export const mcsFlagSetAfterLinking: Bug = {
  id: 'L03',
  name: 'MCS flag reset after linking',
  wrong: 'A thread links itself, then resets its flag: the predecessor may have set it in between.',
  shows: 'deadlock',
  modelPreemptions: 2,
  harts: 2,
  faulty: counting(flagSetAfterLinking, [1, 1]),
  correct: counting(correct, [1, 1]),
};
