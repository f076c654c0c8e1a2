/** An object is freed once the hart that destroys it has no call of it; the correct twin awaits all harts. */
import { type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const ENTRY = word(0);
const FREED = word(1);
const CALLER = 0;
const DESTROYER = 1;
/** Calls that a hart is in. */
const calls = (hart: number): number => word(2 + hart);

function* call(): Code {
  yield fetchAndAdd(calls(CALLER), 1);
  if ((yield load(ENTRY)) === 1) check((yield load(FREED)) === 0, 'freed during a call');
  yield fetchAndAdd(calls(CALLER), -1);
}

function* destroy(harts: readonly number[]): Code {
  yield store(ENTRY, 0);
  for (const hart of harts) yield spinUntil(calls(hart), 0);
  yield store(FREED, 1);
}

const shared = (awaited: readonly number[]): Form => ({
  code: (hart) => (hart === CALLER ? call() : destroy(awaited)),
});

export default bug({
  id: 'E01',
  title: 'calls of other harts not awaited',
  wrong: 'The destroyer waits for the calls of its own hart, and frees the object under a call of another.',
  shows: 'assertion',
  modelPreemptions: 1,
  initially: { [ENTRY]: 1 },
  faulty: shared([DESTROYER]),
  correct: shared([DESTROYER, CALLER]),
});
