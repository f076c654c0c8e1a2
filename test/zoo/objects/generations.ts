/**
 * Calls are counted in two generations, and whoever destroys an object starts the other one and waits until
 * the old one is empty. The correct twin does so twice, and thus waits for both.
 */
import { type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const CURRENT = word(0);
const calls = (generation: number): number => word(1 + generation);
/** Whether the object is entered in the table, and whether its memory is free. */
const entry = (object: number): number => word(3 + object);
const freed = (object: number): number => word(5 + object);
const LAST = 1;

function* call(): Code {
  const generation = yield load(CURRENT);
  yield fetchAndAdd(calls(generation), 1);
  if ((yield load(entry(LAST))) === 1) check((yield load(freed(LAST))) === 0, 'freed during a call');
  yield fetchAndAdd(calls(generation), -1);
}

function* destroy(object: number, flips: number): Code {
  yield store(entry(object), 0);
  for (let flip = 0; flip < flips; flip++) {
    const generation = yield load(CURRENT);
    yield store(CURRENT, 1 - generation);
    yield spinUntil(calls(generation), 0);
  }
  yield store(freed(object), 1);
}

function* destroyBoth(flips: number): Code {
  yield* destroy(0, flips);
  yield* destroy(LAST, flips);
}

const shared = (flips: number): Form => ({
  code: (hart) => (hart === 0 ? call() : destroyBoth(flips)),
});

export default bug({
  id: 'E03',
  title: 'one generation awaited instead of two',
  wrong:
    'A caller that read the generation before an earlier flip counts where the next destroyer does not look.',
  shows: 'assertion',
  modelPreemptions: 3,
  initially: { [entry(0)]: 1, [entry(LAST)]: 1 },
  faulty: shared(1),
  correct: shared(2),
});
