import { describe, expect, test } from 'vitest';
import counter from '../../../userland/programs/counter.ts';
import { KERNEL_TRIALS, runUnderKernel } from '../kernel-run.ts';

const FORMS = Object.entries(counter.parameters['form']?.choices ?? {});
const NO = counter.parameters['replace']?.choices?.['no'] as number;

const OK = [
  expect.stringMatching(/^check sum: ok (\d+) after \1 additions$/),
  'check stale: ok a destroyed counter is refused',
  'check forged: ok a forged handle is refused',
];

describe.each(FORMS)('a %s counter', (_, form) => {
  test.each(KERNEL_TRIALS)('counts on $preset with $harts harts', (trial) => {
    const words = { form, replace: NO, threads: 2 * trial.harts, rounds: 12, reads: 3 };
    expect(runUnderKernel(counter, trial, words)).toEqual({
      stop: { kind: 'halted', status: 0 },
      lines: OK,
    });
  });

  test.each(FORMS)('is replaced by a %s one while it counts', (_other, replace) => {
    for (const seed of [1, 2]) {
      const words = { form, replace, threads: 8, rounds: 15, reads: 5 };
      const { stop, lines } = runUnderKernel(counter, { preset: 'cc-numa', harts: 8, seed }, words);
      expect(stop).toEqual({ kind: 'halted', status: 0 });
      expect(lines).toEqual(OK);
    }
  });
});
