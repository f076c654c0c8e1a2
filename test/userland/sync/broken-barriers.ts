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

/** The lectures' two loops: whoever does not look while all have come, and the count is not put back yet, stays. */
const putBackAtOnce = kind('put-back-at-once', (count, participants) => ({
  *wait(): Code {
    if ((yield fetchAndAdd(count, 1)) === participants - 1) {
      yield store(count, 0);
      return;
    }
    yield spinUntil(count, participants);
    yield spinUntil(count, 0);
  },
}));

/** Sets its flag of the next episode where the last one is still being looked at. */
const withoutParity = kind('without-parity', (address, participants) => ({
  *wait(index): Code {
    for (let round = 0; 1 << round < participants; round++) {
      const flagOf = (who: number): number => address + LINE * (who * 5 + round);
      yield store(flagOf((index + (1 << round)) % participants), 1);
      yield spinUntil(flagOf(index), 1);
      yield store(flagOf(index), 0);
    }
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

/** Forgets to reverse the sense: nobody is ever let go. */
const withoutFlip = kind('without-flip', (count, participants) => ({
  *wait(): Code {
    const sense = yield load(count + LINE);
    if ((yield fetchAndAdd(count, 1)) < participants - 1) yield spinUntilNot(count + LINE, sense);
    else yield store(count, 0);
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

export const BROKEN_BARRIERS: readonly BarrierKind[] = [
  countOnly,
  putBackAtOnce,
  senseFirst,
  lateSense,
  withoutFlip,
  oneTooFew,
  withoutParity,
];
