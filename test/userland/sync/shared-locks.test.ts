import { describe, expect, test } from 'vitest';
import {
  type Code,
  fetchAndAdd,
  LINE,
  load,
  type LockKind,
  SHARED_LOCKS,
  type SharedLock,
  spinUntil,
  work,
} from '../../../userland/index.ts';
import { TRIAL, TRIALS, type Trial, tryBare } from './machines.ts';

const READERS = 0;
const WRITERS = LINE;
const INTRUSIONS = 2 * LINE;
const ARRIVED = 3 * LINE;
const LOCK = 4 * LINE;
const NODE = 0;
const ROUNDS = 8;

/** Every hart writes now and then and reads otherwise, and looks who else is inside. */
const mix = (kind: LockKind<SharedLock>, trial: Trial) =>
  tryBare(trial, function* (env) {
    const memory = yield* env.memory();
    const lock = kind.at(memory + LOCK, trial.harts);
    function* meets(others: number): Code {
      if ((yield load(memory + others)) !== 0) yield fetchAndAdd(memory + INTRUSIONS, 1);
    }
    for (let round = 0; round < ROUNDS; round++) {
      if ((round + env.hart()) % 3 === 0) {
        yield* lock.acquire(NODE);
        if ((yield fetchAndAdd(memory + WRITERS, 1)) !== 0) yield fetchAndAdd(memory + INTRUSIONS, 1);
        yield* meets(READERS);
        yield fetchAndAdd(memory + WRITERS, -1);
        yield* lock.release(NODE);
      } else {
        yield* lock.acquireShared(env.hart());
        yield fetchAndAdd(memory + READERS, 1);
        yield* meets(WRITERS);
        yield work(round);
        yield fetchAndAdd(memory + READERS, -1);
        yield* lock.releaseShared(env.hart());
      }
    }
  });

describe.each(SHARED_LOCKS)('the $id lock', (kind) => {
  test.each(TRIALS)(`never has a writer beside anybody else: ${TRIAL}`, (trial) => {
    const { stop, word } = mix(kind, trial);
    expect({ stop, intrusions: word(INTRUSIONS) }).toEqual({ stop: { kind: 'finished' }, intrusions: 0 });
  });

  test('lets all harts read together', () => {
    const trial = { ...(TRIALS[0] as Trial), harts: 4 };
    const { stop } = tryBare(trial, function* (env) {
      const memory = yield* env.memory();
      const lock = kind.at(memory + LOCK, trial.harts);
      yield* lock.acquireShared(env.hart());
      // Each waits for the others inside.
      yield fetchAndAdd(memory + ARRIVED, 1);
      yield spinUntil(memory + ARRIVED, trial.harts);
      yield* lock.releaseShared(env.hart());
    });
    expect(stop).toEqual({ kind: 'finished' });
  });
});

test('the exercise catches a lock whose readers do not look', () => {
  const careless: LockKind<SharedLock> = {
    ...(SHARED_LOCKS[0] as LockKind<SharedLock>),
    at: (address) => ({
      *acquire() {
        while ((yield fetchAndAdd(address, 1)) !== 0) yield fetchAndAdd(address, -1);
      },
      *release() {
        yield fetchAndAdd(address, -1);
      },
      *acquireShared() {},
      *releaseShared() {},
    }),
  };
  const caught = TRIALS.filter(({ harts }) => harts > 1).some(
    (trial) => mix(careless, trial).word(INTRUSIONS) > 0,
  );
  expect(caught).toBe(true);
});
