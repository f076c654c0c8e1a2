import { expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import tour from '../../../userland/programs/tour.ts';

const machines = ['smp', 'cc-numa'].flatMap((preset) => [1, 2, 4, 16].map((harts) => ({ preset, harts })));

test.each(machines)(
  'tour without a kernel finds every sum correct: $preset, $harts harts',
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
