import { expect, test } from 'vitest';
import hello from '../../../userland/programs/hello.ts';
import { KERNEL_TRIALS, runUnderKernel } from '../kernel-run.ts';

test.each(KERNEL_TRIALS)('hello says where it runs: $preset, $harts harts', (trial) => {
  expect(runUnderKernel(hello, trial)).toEqual({
    stop: { kind: 'halted', status: 0 },
    lines: [`hello from hart 0 of ${trial.harts}, node 0`],
  });
});
