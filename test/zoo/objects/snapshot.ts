/** A sequence lock without its odd phase; the correct twin makes the sequence odd while it writes. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const SEQUENCE = word(0);
const LEFT = word(1);
const RIGHT = word(2);

function* write(oddMeanwhile: boolean): Code {
  if (oddMeanwhile) yield store(SEQUENCE, 1);
  yield store(LEFT, 7);
  yield store(RIGHT, 7);
  yield store(SEQUENCE, 2);
}

/** One attempt to read both: whatever it accepts must be of one write. */
function* read(): Code {
  const before = yield load(SEQUENCE);
  if (before % 2 === 1) return;
  const left = yield load(LEFT);
  const right = yield load(RIGHT);
  if ((yield load(SEQUENCE)) === before) check(left === right, 'half of one write, half of another');
}

const shared = (oddMeanwhile: boolean): Form => ({
  code: (hart) => (hart === 0 ? write(oddMeanwhile) : read()),
});

export default bug({
  id: 'H03',
  title: 'sequence counted only after the write',
  wrong: 'A reader in the middle of a write sees the same sequence twice, and takes half of each.',
  shows: 'assertion',
  modelPreemptions: 1,
  faulty: shared(false),
  correct: shared(true),
});
