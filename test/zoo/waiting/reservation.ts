/**
 * Two threads of one hart add to a counter. The first does so by load-reserved and store-conditional, and is
 * switched out in between for the second, which adds in one instruction. The hardware drops the reservation
 * neither on a switch nor on a store of the hart itself; in the correct twin the switch drops it, with a
 * store-conditional to a word that nobody needs.
 */
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  fetchAndAdd,
  load,
  loadReserved,
  storeConditional,
  switchContext,
} from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const COUNT = word(0);
const SCRATCH = word(1);

function* switchTo(context: number, drops: number): Code {
  if (drops) yield storeConditional(SCRATCH, 0);
  yield switchContext(context);
}

function* add(): Code {
  let failed: number;
  do {
    const count = yield loadReserved(COUNT);
    failed = yield storeConditional(COUNT, count + 1);
  } while (failed);
}

function* second(first: number, drops: number): Code {
  yield fetchAndAdd(COUNT, 1);
  yield* switchTo(first, drops);
}

const switching = (drops: number): Form => ({
  *code() {
    const other = yield createContext(yield addressOf(second), yield csrRead('scurrent'), drops);
    const count = yield loadReserved(COUNT);
    yield* switchTo(other, drops);
    if (yield storeConditional(COUNT, count + 1)) yield* add();
  },
  *end() {
    check((yield load(COUNT)) === 2, 'an addition was lost');
  },
});

export default bug({
  id: 'A02',
  title: 'reservation kept across a switch',
  wrong: 'A thread that was switched out finds its reservation whole, though another has stored meanwhile.',
  shows: 'assertion',
  modelPreemptions: 1,
  harts: 1,
  faulty: switching(0),
  correct: switching(1),
});
