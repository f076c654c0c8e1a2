/**
 * Distributed shared memory: a manager hands the ownership of a page to another node before the old owner has
 * given it up; in the correct twin it waits for the confirmation (Li & Hudak, *Memory Coherence in Shared Virtual
 * Memory Systems*, 1989). Here words stand for the messages.
 */
import { type Code, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const [OLD, MANAGER, NEW] = [0, 1, 2];
const INVALIDATE = word(0);
const CONFIRMED = word(1);
const GRANTED = word(2);
const writable = (node: number): number => word(8 + node);

function* giveUp(): Code {
  yield spinUntil(INVALIDATE, 1);
  yield store(writable(OLD), 0);
  yield store(CONFIRMED, 1);
}

function* manage(awaitsConfirmation: boolean): Code {
  yield store(INVALIDATE, 1);
  if (awaitsConfirmation) yield spinUntil(CONFIRMED, 1);
  yield store(GRANTED, 1);
}

function* takeOver(): Code {
  yield spinUntil(GRANTED, 1);
  yield store(writable(NEW), 1);
  check((yield load(writable(OLD))) === 0, 'two copies are writable');
}

const handingOver = (awaitsConfirmation: boolean): Form => ({
  code: (hart) => (hart === OLD ? giveUp() : hart === MANAGER ? manage(awaitsConfirmation) : takeOver()),
});

export default bug({
  id: 'C04',
  title: 'ownership handed over too early',
  wrong: 'The new owner writes while the old one still has a writable copy.',
  shows: 'assertion',
  modelPreemptions: 0,
  harts: NEW + 1,
  initially: { [writable(OLD)]: 1 },
  faulty: handingOver(false),
  correct: handingOver(true),
});
