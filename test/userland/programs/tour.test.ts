import { expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import tour from '../../../userland/programs/tour.ts';
import { KERNEL_TRIALS, runUnderKernel } from '../kernel-run.ts';

test.each(KERNEL_TRIALS)('tour finds every sum correct: $preset, $harts harts', (trial) => {
  const { harts } = trial;
  const sum = 20 * harts;
  expect(runUnderKernel(tour, trial, { rounds: 20 })).toEqual({
    stop: { kind: 'halted', status: 0 },
    lines: [
      `tour: ${harts} threads, 20 rounds under each of 3 locks`,
      `check memory: ok ${harts} of ${harts} threads read back their page`,
      `check test-and-set: ok sum ${sum} of ${sum}`,
      `check mcs: ok sum ${sum} of ${sum}`,
      `check futex-mutex: ok sum ${sum} of ${sum}`,
      'check sense-reversing: ok nobody passed early',
    ],
  });
});

test.each(KERNEL_TRIALS)('tour reports every check that it declares: $preset, $harts harts', (trial) => {
  const { lines } = runUnderKernel(tour, trial);
  const reported = lines.flatMap((line) => /^check ([^:]+):/.exec(line)?.[1] ?? []);
  expect(reported).toEqual(tour.checks);
});

test.each(KERNEL_TRIALS)(
  'tour without a kernel does the same: $preset, $harts harts',
  ({ preset, harts }) => {
    const machine = new Machine(presetConfig(preset, { harts }));
    startBare(machine, tour, [20]);
    expect(machine.run({ instructions: 1_000_000 })).toEqual({ kind: 'finished' });
    const sum = 20 * harts;
    expect(machine.console.text()).toBe(
      [
        `check test-and-set: ok sum ${sum} of ${sum}`,
        `check mcs: ok sum ${sum} of ${sum}`,
        'check sense-reversing: ok nobody passed early',
        '',
      ].join('\n'),
    );
  },
);
