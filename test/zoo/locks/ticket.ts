/** A ticket lock whose tickets are drawn with a load and a store; the correct twin draws them atomically. */
import { type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const NEXT = word(0);
const SERVING = word(1);

function* drawInTwo(): Code<number> {
  const ticket = yield load(NEXT);
  yield store(NEXT, ticket + 1);
  return ticket;
}

function* drawInOne(): Code<number> {
  return yield fetchAndAdd(NEXT, 1);
}

const taken = (draw: () => Code<number>, times: number): Form => ({
  *code() {
    for (let time = 0; time < times; time++) {
      const ticket = yield* draw();
      yield spinUntil(SERVING, ticket);
      yield store(SERVING, ticket + 1);
    }
  },
});

export default bug({
  id: 'L05',
  title: 'ticket drawn with a load and a store',
  wrong: 'Two threads may draw the same ticket; the slower one waits for a number that has gone by.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: taken(drawInTwo, 1),
  correct: taken(drawInOne, 2),
});
