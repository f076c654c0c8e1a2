import { describe, expect, test } from 'vitest';
import { BARRIERS, BLOCKING_BARRIERS, LOCKS } from '../../../userland/index.ts';
import { KERNEL_TRIALS } from '../kernel-run.ts';
import { BROKEN_MUTEXES } from './broken-mutexes.ts';
import { contendUnderKernel, GOOD, meetUnderKernel } from './kernel-exercise.ts';

const ENDED_WELL = { stop: { kind: 'halted', status: 0 }, lines: [GOOD] };
const TRIALS = KERNEL_TRIALS.filter(({ harts }) => harts <= 4);

describe.each(LOCKS)('with three threads per hart, the $id lock', (kind) => {
  test.each(TRIALS)('lets one in at a time and loses no addition: $preset, $harts harts', (trial) => {
    expect(contendUnderKernel(kind, trial)).toEqual(ENDED_WELL);
  });
});

describe.each([...BARRIERS, ...BLOCKING_BARRIERS])('with three threads per hart, the $id barrier', (kind) => {
  test.each(TRIALS)('is passed by nobody early: $preset, $harts harts', (trial) => {
    expect(meetUnderKernel(kind, trial)).toEqual(ENDED_WELL);
  });
});

test.each(BROKEN_MUTEXES)('the exercise catches the mutex $id', (kind) => {
  const caught = TRIALS.some((trial) => {
    const { stop, lines } = contendUnderKernel(kind, trial);
    return stop.kind !== 'halted' || lines[0] !== GOOD;
  });
  expect(caught).toBe(true);
});
