import { describe, expect, test } from 'vitest';
import { type Code, LINE, load, LOCKS, spinUntil, store } from '../../../userland/index.ts';
import { type Trial, TRIALS, tryBare } from './machines.ts';

const READY = 0;
const COUNT = LINE;
const NODES = 2 * LINE;
const LOCK = 16 * LINE;
const ROUNDS = 6;
/** Four tickets before there are none that are larger. */
const LATE = -4;

const trial: Trial = { ...(TRIALS[0] as Trial), harts: 3 };

/** A lock that has been taken nearly 2^32 times: its words as they are then. */
const WORN: Readonly<Record<string, (lock: number) => Code>> = {
  *ticket(lock) {
    yield store(lock, LATE);
    yield store(lock + LINE, LATE);
  },
  *'ticket-backoff'(lock) {
    yield store(lock, LATE);
    yield store(lock + LINE, LATE);
  },
  *anderson(lock) {
    // Four slots: the place that comes is 0 again.
    yield store(lock, LATE);
  },
  *'anderson-packed'(lock) {
    yield store(lock, LATE);
  },
};

describe.each(Object.entries(WORN))('the %s lock', (id, wear) => {
  test('goes on when its tickets wrap', () => {
    const kind = LOCKS.find((candidate) => candidate.id === id) as (typeof LOCKS)[number];
    const { stop, word } = tryBare(trial, function* (env) {
      const memory = yield* env.memory();
      if (env.hart() === 0) {
        yield* wear(memory + LOCK);
        yield store(memory + READY, 1);
      }
      yield spinUntil(memory + READY, 1);
      const lock = kind.at(memory + LOCK, trial.harts);
      const node = memory + NODES + env.hart() * LINE;
      for (let round = 0; round < ROUNDS; round++) {
        yield* lock.acquire(node);
        yield store(memory + COUNT, (yield load(memory + COUNT)) + 1);
        yield* lock.release(node);
      }
    });
    expect({ stop, count: word(COUNT) }).toEqual({
      stop: { kind: 'finished' },
      count: trial.harts * ROUNDS,
    });
  });
});
