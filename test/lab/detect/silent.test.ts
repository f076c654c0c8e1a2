/** Every listed program is found to be without fault by every detector, with the kernel and without. */
import { describe, expect, test } from 'vitest';
import { isCluster } from '../../../hw/config.ts';
import { Machine } from '../../../hw/machine.ts';
import { PRESETS, presetConfig } from '../../../hw/presets.ts';
import { bootKernel } from '../../../kernel/index.ts';
import { Detection, type Finding } from '../../../lab/detect/index.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import type { Program } from '../../../userland/index.ts';
import { PROGRAMS } from '../../../userland/programs/index.ts';

const HARTS = 4;
const STEPS = 5_000_000;
/** What is worth more than the defaults, and less work. */
const PARAMETERS: Readonly<Record<string, number>> = {
  pages: 4,
  threads: 3,
  rounds: 2,
  episodes: 5,
  cycles: 20_000,
  warm: 5000,
  footprint: 1024,
};

const SHARED = PRESETS.map(({ name }) => name).filter((name) => !isCluster(presetConfig(name)));
const UNDER_KERNEL = process.env['EDDY_DEEP'] ? SHARED : ['cc-numa', 'ncc-numa'];

const wordsOf = ({ parameters }: Program): number[] =>
  Object.entries(parameters).map(([name, { default: word }]) => PARAMETERS[name] ?? word);

function findings(
  program: Program,
  preset: string,
  { bare = false, storeBuffer = 0 } = {},
): readonly Finding[] {
  const machine = new Machine(presetConfig(preset, { harts: HARTS, set: { storeBuffer } }));
  const detection = new Detection(machine, { bare });
  if (bare) startBare(machine, program, wordsOf(program));
  else bootKernel(machine, { entry: program.entry, parameters: wordsOf(program) });
  const stop = machine.run({ instructions: STEPS });
  expect(['halted', 'finished']).toContain(stop.kind);
  return detection.finish(false);
}

const WITHOUT_FILES = PROGRAMS.filter(({ needs }) => !needs.includes('files'));

describe.each(UNDER_KERNEL)('under the kernel on %s', (preset) => {
  test.each(WITHOUT_FILES)('$name', (program) => {
    expect(findings(program, preset)).toEqual([]);
  });
});

describe('under the kernel with store buffers', () => {
  test.each(WITHOUT_FILES)('$name', (program) => {
    expect(findings(program, 'smp', { storeBuffer: 8 })).toEqual([]);
  });
});

describe.each(SHARED)('without a kernel on %s', (preset) => {
  test.each(PROGRAMS.filter(({ bareEntry }) => bareEntry !== undefined))('$name', (program) => {
    expect(findings(program, preset, { bare: true })).toEqual([]);
  });
});
