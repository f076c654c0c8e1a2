import { describe, expect, test } from 'vitest';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import { lockKinds, LOCKS } from '../../../userland/index.ts';
import locks from '../../../userland/programs/locks.ts';
import { runUnderKernel } from '../kernel-run.ts';
import { BROKEN_LOCKS } from '../sync/broken-locks.ts';

const HARTS = 4;
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const ROUNDS = 10;
const GOOD = [
  'check exclusion: ok 0 met another inside',
  `check count: ok ${HARTS * ROUNDS} of ${HARTS * ROUNDS}`,
];

/** What is reported without a kernel: by four harts in the order of time, or by two in a random one. */
const bare = (preset: string, lock: number, seed?: number): string[] => {
  const machine = new Machine(presetConfig(preset, { harts: seed === undefined ? HARTS : 2 }));
  startBare(machine, locks, [lock, ROUNDS, 20, 0]);
  if (seed === undefined) machine.run({ instructions: 1_000_000 });
  else machine.runArbitrated(new RandomArbiter(seed), 100_000);
  return machine.console.text().split('\n').slice(1).filter(Boolean);
};

describe.each([...LOCKS.entries()])('locks with kind %i', (word, { id, blocking }) => {
  test(`finds ${id} right under the kernel`, () => {
    const words = { lock: word, rounds: ROUNDS };
    const { stop, lines } = runUnderKernel(locks, { preset: 'cc-numa', harts: HARTS }, words);
    expect(stop).toEqual({ kind: 'halted', status: 0 });
    expect(lines).toEqual([`locks: ${HARTS} threads, ${ROUNDS} rounds each, ${id}`, ...GOOD]);
  });

  test.each(blocking ? [] : ['smp', 'butterfly'])(`finds ${id} right on a bare %s`, (preset) => {
    expect(bare(preset, word)).toEqual(GOOD);
  });
});

test.each(BROKEN_LOCKS)('locks finds $id out', (kind) => {
  const word = lockKinds.add(kind);
  const isFound = (seed: number): boolean => {
    const lines = bare('smp', word, seed);
    return lines.length < GOOD.length || lines.some((line) => line.includes('FAILED'));
  };
  expect(SEEDS.some(isFound)).toBe(true);
});
