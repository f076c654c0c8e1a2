/** An object is freed once the hart that destroys it has no call of it; the correct twin awaits all harts. */
import { type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bare, type Bug, check, word } from '../bug.ts';

const ENTRY = word(0);
const FREED = word(1);
const CALLER = 0;
const DESTROYER = 1;
/** Calls that a hart is in. */
const calls = (hart: number): number => word(2 + hart);

function* call(): Code {
  yield fetchAndAdd(calls(CALLER), 1);
  if ((yield load(ENTRY)) === 1) yield* check((yield load(FREED)) === 0);
  yield fetchAndAdd(calls(CALLER), -1);
}

function* destroy(harts: readonly number[]): Code {
  yield store(ENTRY, 0);
  for (const hart of harts) yield spinUntil(calls(hart), 0);
  yield store(FREED, 1);
}

const shared = (awaited: readonly number[]) =>
  bare({
    harts: 2,
    initially: { [ENTRY]: 1 },
    program: (hart) => (hart === CALLER ? call() : destroy(awaited)),
  });

export const ownCallsAwaited: Bug = {
  id: 'E01',
  name: 'calls of other harts not awaited',
  wrong: 'The destroyer waits for the calls of its own hart, and frees the object under a call of another.',
  shows: 'assertion',
  modelPreemptions: 1,
  harts: 2,
  faulty: shared([DESTROYER]),
  correct: shared([DESTROYER, CALLER]),
};
