import { describe, expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import { barrierKinds, BARRIERS, BLOCKING_BARRIERS } from '../../../userland/index.ts';
import barriers from '../../../userland/programs/barriers.ts';
import { runUnderKernel } from '../kernel-run.ts';
import { BROKEN_BARRIERS } from '../sync/broken-barriers.ts';

const HARTS = 4;
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const EPISODES = 12;
const SKEW = 30;
const GOOD = [
  'check early: ok 0 passed before a neighbour came',
  `check passed: ok ${HARTS * EPISODES} of ${HARTS * EPISODES}`,
];

/** What is reported without a kernel: in the order of time, or in a random one. */
const bare = (preset: string, barrier: number, seed?: number): string[] => {
  const machine = new Machine(presetConfig(preset, { harts: HARTS }));
  startBare(machine, barriers, [barrier, EPISODES, 0, SKEW]);
  if (seed === undefined) machine.run({ instructions: 1_000_000 });
  else machine.runArbitrated(new RandomArbiter(seed), 100_000);
  return machine.console.text().split('\n').slice(1).filter(Boolean);
};

describe.each([...BARRIERS.entries()])('barriers with kind %i', (word, { id }) => {
  test(`finds ${id} right under the kernel`, () => {
    const words = { barrier: word, episodes: EPISODES, skew: SKEW };
    const { stop, lines } = runUnderKernel(barriers, { preset: 'cc-numa', harts: HARTS }, words);
    expect(stop).toEqual({ kind: 'halted', status: 0 });
    expect(lines).toEqual([`barriers: ${HARTS} threads, ${EPISODES} episodes, ${id}`, ...GOOD]);
  });

  test.each(['smp', 'butterfly'])(`finds ${id} right on a bare %s`, (preset) => {
    expect(bare(preset, word)).toEqual(GOOD);
  });
});

test.each(BLOCKING_BARRIERS)('barriers finds $id right under the kernel', ({ id }) => {
  const words = { barrier: barrierKinds.ids.indexOf(id), episodes: EPISODES, skew: SKEW };
  const { stop, lines } = runUnderKernel(barriers, { preset: 'cc-numa', harts: HARTS }, words);
  expect(stop).toEqual({ kind: 'halted', status: 0 });
  expect(lines).toEqual([`barriers: ${HARTS} threads, ${EPISODES} episodes, ${id}`, ...GOOD]);
});

test.each(BROKEN_BARRIERS)('barriers finds $id out', (kind) => {
  const word = barrierKinds.add(kind);
  const isFound = (seed: number): boolean => bare('smp', word, seed).join() !== GOOD.join();
  expect(SEEDS.some(isFound)).toBe(true);
});
