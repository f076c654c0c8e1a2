/** The scenes for schedulers come to their end under policies that they were not made for, and say what they lack. */
import { expect, test } from 'vitest';
import procrastination from '../../../userland/programs/procrastination.ts';
import quiz from '../../../userland/programs/quiz.ts';
import { runUnderKernel } from '../kernel-run.ts';

test('of the quiz: on a hart that the thread has been on', () => {
  expect(runUnderKernel(quiz, { preset: 'cc-numa', harts: 4 })).toEqual({
    stop: { kind: 'halted', status: 0 },
    lines: [expect.stringMatching(/^check ran: ok on hart [12]$/)],
  });
});

test('of procrastination: both threads do their jobs, round by round', () => {
  const words = { rounds: 2, footprint: 2048, wait: 3000 };
  expect(runUnderKernel(procrastination, { preset: 'smp', harts: 3 }, words)).toEqual({
    stop: { kind: 'halted', status: 0 },
    lines: [
      expect.stringMatching(/^check makespan: ok [1-9]\d+ cycles$/),
      expect.stringMatching(/^check job: ok [1-9]\d+ cycles$/),
    ],
  });
});

test.each([quiz, procrastination])('need three harts', (program) => {
  const { stop, lines } = runUnderKernel(program, { preset: 'smp', harts: 2 });
  expect(stop).toEqual({ kind: 'halted', status: 1 });
  expect(lines).toEqual([`${program.name} needs 3 harts`]);
});
