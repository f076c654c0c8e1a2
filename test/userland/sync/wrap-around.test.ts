import { describe, expect, test } from 'vitest';
import {
  type Code,
  fetchAndAdd,
  LINE,
  load,
  type LockKind,
  LOCKS,
  pause,
  spinUntil,
  store,
} from '../../../userland/index.ts';
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

/** How often a worn lock let somebody in, of `harts * ROUNDS`, and how the run ended. */
function enter(kind: LockKind, wear: (lock: number) => Code) {
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
  return { stop, count: word(COUNT) };
}

describe.each(Object.entries(WORN))('the %s lock', (id, wear) => {
  test('goes on when its tickets wrap', () => {
    const kind = LOCKS.find((candidate) => candidate.id === id) as LockKind;
    expect(enter(kind, wear)).toEqual({ stop: { kind: 'finished' }, count: trial.harts * ROUNDS });
  });
});

/** Waits until it is its turn or later, by size: small tickets come after large ones when they go round. */
const bySize: LockKind = {
  ...(LOCKS.find(({ id }) => id === 'ticket') as LockKind),
  id: 'by-size',
  at: (lock) => ({
    *acquire(): Code {
      const ticket = (yield fetchAndAdd(lock, 1)) >>> 0;
      while ((yield load(lock + LINE)) >>> 0 < ticket) yield pause();
    },
    *release(): Code {
      yield store(lock + LINE, (yield load(lock + LINE)) + 1);
    },
  }),
};

test('a ticket lock that compares by size is found out when its tickets wrap, and not before', () => {
  const good = { stop: { kind: 'finished' }, count: trial.harts * ROUNDS };
  expect(enter(bySize, function* () {})).toEqual(good);
  expect(enter(bySize, WORN['ticket'] as (lock: number) => Code)).not.toEqual(good);
});
