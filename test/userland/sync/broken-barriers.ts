/** Barriers with known bugs, each of which the exercise must catch. */
import {
  type BarrierKind,
  type Code,
  fetchAndAdd,
  LINE,
  load,
  spinUntil,
  spinUntilNot,
  store,
} from '../../../userland/index.ts';

const kind = (id: string, at: BarrierKind['at']): BarrierKind => ({
  id,
  summary: 'A broken barrier',
  size: () => 2 * LINE,
  at,
});

/** Waits for the count alone: whoever is quick arrives at the next episode before the count was reset. */
const countOnly = kind('count-only', (count, participants) => ({
  *wait(): Code {
    if ((yield fetchAndAdd(count, 1)) === participants - 1) yield store(count, 0);
    else yield spinUntil(count, 0);
  },
}));

/** Reverses the sense before it resets the count. */
const senseFirst = kind('sense-first', (count, participants) => ({
  *wait(): Code {
    const sense = yield load(count + LINE);
    if ((yield fetchAndAdd(count, 1)) < participants - 1) {
      yield spinUntilNot(count + LINE, sense);
      return;
    }
    yield store(count + LINE, 1 - sense);
    yield store(count, 0);
  },
}));

/** Reads the sense after arriving, when it may have been reversed already. */
const lateSense = kind('late-sense', (count, participants) => ({
  *wait(): Code {
    const last = (yield fetchAndAdd(count, 1)) === participants - 1;
    const sense = yield load(count + LINE);
    if (!last) {
      yield spinUntilNot(count + LINE, sense);
      return;
    }
    yield store(count, 0);
    yield store(count + LINE, 1 - sense);
  },
}));

/** Counts one too few. */
const oneTooFew = kind('one-too-few', (count, participants) => ({
  *wait(): Code {
    const sense = yield load(count + LINE);
    if ((yield fetchAndAdd(count, 1)) < participants - 2) {
      yield spinUntilNot(count + LINE, sense);
      return;
    }
    yield store(count, 0);
    yield store(count + LINE, 1 - sense);
  },
}));

export const BROKEN_BARRIERS: readonly BarrierKind[] = [countOnly, senseFirst, lateSense, oneTooFew];
