/**
 * A driver rings the device before it marks the request as in flight; the correct twin marks it first. The
 * device is the second hart, which marks the request as done.
 */
import { type Code, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const BELL = word(0);
const REQUEST = word(1);
const IN_FLIGHT = 1;
const DONE = 2;

function* drive(marksFirst: boolean): Code {
  if (marksFirst) yield store(REQUEST, IN_FLIGHT);
  yield store(BELL, 1);
  if (!marksFirst) yield store(REQUEST, IN_FLIGHT);
  yield spinUntil(REQUEST, DONE);
}

function* device(): Code {
  yield spinUntil(BELL, 1);
  yield store(REQUEST, DONE);
}

const transfer = (marksFirst: boolean): Form => ({
  code: (hart) => (hart === 0 ? drive(marksFirst) : device()),
});

export default bug({
  id: 'D01',
  title: 'request marked in flight too late',
  wrong: 'A fast device is done before the driver says that the request is in flight, which then stays so.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: transfer(false),
  correct: transfer(true),
});
