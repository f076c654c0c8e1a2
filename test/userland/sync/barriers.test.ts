import { describe, expect, test } from 'vitest';
import { BARRIERS } from '../../../userland/index.ts';
import { meet } from './barrier-exercise.ts';
import { BROKEN_BARRIERS } from './broken-barriers.ts';
import { TRIAL, TRIALS } from './machines.ts';

describe.each(BARRIERS)('the $id barrier', (kind) => {
  test.each(TRIALS)(`is passed by nobody before all have arrived, again and again: ${TRIAL}`, (trial) => {
    expect(meet(kind, trial, 40)).toEqual({
      stop: { kind: 'finished' },
      early: 0,
      finished: trial.harts,
    });
  });
});

test.each(BROKEN_BARRIERS)('the exercise catches the barrier $id', (kind) => {
  const caught = TRIALS.some((trial) => {
    const { stop, early, finished } = meet(kind, trial, 40);
    return stop.kind !== 'finished' || early > 0 || finished !== trial.harts;
  });
  expect(caught).toBe(true);
});
