import { describe, expect, test } from 'vitest';
import { LOCKS } from '../../../userland/index.ts';
import { BROKEN_LOCKS, UNFAIR_LOCK } from './broken-locks.ts';
import { contend, queueUp } from './lock-exercise.ts';
import { TIMED_TRIALS, TRIAL, TRIALS } from './machines.ts';

const SPIN_LOCKS = LOCKS.filter((kind) => !kind.blocking);
const ROUNDS = 12;
const inOrder = (harts: number): number[] => Array.from({ length: harts - 1 }, (_, index) => index + 1);

describe.each(SPIN_LOCKS)('the $id lock', (kind) => {
  test.each(TRIALS)(`lets one in at a time and loses no addition: ${TRIAL}`, (trial) => {
    const result = contend(kind, trial, ROUNDS);
    expect(result).toEqual({
      stop: { kind: 'finished' },
      intrusions: 0,
      count: result.expected,
      expected: result.expected,
    });
  });
});

describe.each(SPIN_LOCKS.filter((kind) => kind.fifo))('the $id lock', (kind) => {
  test.each(TIMED_TRIALS)(`serves in the order of asking: ${TRIAL}`, (trial) => {
    expect(queueUp(kind, trial)).toEqual({
      stop: { kind: 'finished' },
      order: inOrder(trial.harts),
    });
  });
});

describe('the exercises', () => {
  test.each(BROKEN_LOCKS)('catch the lock $id', (kind) => {
    const caught = TRIALS.some((trial) => {
      const { stop, intrusions, count, expected } = contend(kind, trial, ROUNDS);
      return stop.kind !== 'finished' || intrusions > 0 || count !== expected;
    });
    expect(caught).toBe(true);
  });

  test('catch a lock that does not keep the order that it promises', () => {
    const caught = TIMED_TRIALS.filter(({ harts }) => harts > 2).some((trial) => {
      const { order } = queueUp(UNFAIR_LOCK, trial);
      return order.join() !== inOrder(trial.harts).join();
    });
    expect(caught).toBe(true);
  });
});
