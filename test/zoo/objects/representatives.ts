/**
 * Two harts miss on the same object and each make a representative, which counts calls; in the correct twin
 * a compare-and-swap decides whose is entered in the table.
 */
import { type Code, compareAndSwap, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const ENTRY = word(0);
const madeBy = (hart: number): number => word(1 + hart);

function* enterUnasked(own: number): Code<number> {
  const present = yield load(ENTRY);
  if (present !== 0) return present;
  yield store(ENTRY, own);
  return own;
}

function* enterOnce(own: number): Code<number> {
  const present = yield compareAndSwap(ENTRY, 0, own);
  return present === 0 ? own : present;
}

const called = (miss: (own: number) => Code<number>): Form => ({
  *code(hart) {
    yield fetchAndAdd(yield* miss(madeBy(hart)), 1);
  },
  *end() {
    check((yield load(yield load(ENTRY))) === 2, 'a call was counted in a representative that is lost');
  },
});

export default bug({
  id: 'E06',
  title: 'two representatives of one object',
  wrong: 'The miss handler looks for an entry and makes one in two accesses: one representative is lost.',
  shows: 'assertion',
  modelPreemptions: 1,
  faulty: called(enterUnasked),
  correct: called(enterOnce),
});
