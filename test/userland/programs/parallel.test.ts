/** The parallel programs: right on every machine, with every kind of lock and barrier; and whom they find out. */
import { describe, expect, test } from 'vitest';
import { isCluster } from '../../../hw/config.ts';
import { Machine } from '../../../hw/machine.ts';
import { PRESETS, presetConfig } from '../../../hw/presets.ts';
import { RandomArbiter } from '../../../hw/sequencer/arbiter.ts';
import { startBare } from '../../../lab/load/start-bare.ts';
import { parameterWordsOf } from '../../../lab/settings/parameters.ts';
import { runKernel } from '../../../lab/testing/index.ts';
import {
  BARRIERS,
  barrierKinds,
  type LockKind,
  lockKinds,
  LOCKS,
  type Program,
} from '../../../userland/index.ts';
import bnb from '../../../userland/programs/bnb.ts';
import hashtable from '../../../userland/programs/hashtable.ts';
import matmul from '../../../userland/programs/matmul.ts';
import sor from '../../../userland/programs/sor.ts';
import wordcount from '../../../userland/programs/wordcount.ts';
import { runUnderKernel } from '../kernel-run.ts';
import { BROKEN_BARRIERS } from '../sync/broken-barriers.ts';
import { BROKEN_LOCKS } from '../sync/broken-locks.ts';

const ALL = [matmul, sor, bnb, hashtable, wordcount];
const BARE = ALL.filter(({ bareEntry }) => bareEntry !== undefined);
const SHARED = PRESETS.map(({ name }) => name).filter((name) => !isCluster(presetConfig(name)));
const DEEP = Boolean(process.env['EDDY_DEEP']);

/** Sizes that leave each run well below a second. */
const SMALL: Readonly<Record<string, number>> = {
  size: 10,
  block: 3,
  sweeps: 3,
  cities: 6,
  operations: 150,
  buckets: 8,
  keys: 16,
  bytes: 700,
  piece: 50,
};
const sizesOf = ({ parameters }: Program): Record<string, number> =>
  Object.fromEntries(Object.entries(SMALL).filter(([name]) => name in parameters));

/** Which checks were good, and which not. */
const told = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('check')).map((line) => line.split(' ').slice(0, 3).join(' '));
const good = ({ checks }: Program): string[] => checks.map((id) => `check ${id}: ok`);
const lineOf = (lines: readonly string[]): string => (lines[0] as string).split(';')[0] as string;

const bare = (program: Program, preset: string, words: Record<string, number>, seed?: number, harts = 4) => {
  const machine = new Machine(presetConfig(preset, { harts }));
  startBare(machine, program, parameterWordsOf({ ...program, parameters: widened(program) }, words));
  const stop =
    seed === undefined
      ? machine.run({ instructions: 2_000_000 })
      : machine.runArbitrated(new RandomArbiter(seed), 60_000);
  return { stop: stop.kind, lines: machine.console.text().split('\n').filter(Boolean) };
};
/** A kind of one's own has a number beyond those of the listed ones. */
const widened = ({ parameters }: Program): Program['parameters'] =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, { ...parameter, max: 2 ** 30 }]),
  );

describe.each(ALL)('$name', (program) => {
  test.each(SHARED)('is right on %s, under the kernel and without', (preset) => {
    const { stop, lines } = runUnderKernel(program, { preset, harts: 4 }, sizesOf(program));
    expect(stop).toEqual({ kind: 'halted', status: 0 });
    expect(told(lines)).toEqual(good(program));
    if (program.bareEntry !== undefined)
      expect(told(bare(program, preset, sizesOf(program)).lines)).toEqual(good(program));
  });

  test.each(DEEP ? [1, 2, 3, 16, 64] : [1, 3, 16])('is right with %i threads, and says the same', (harts) => {
    for (const preset of DEEP ? SHARED : ['smp']) {
      const { stop, lines } = runUnderKernel(program, { preset, harts }, sizesOf(program));
      expect(stop).toEqual({ kind: 'halted', status: 0 });
      expect(told(lines)).toEqual(good(program));
      expect(lines[0]).toContain(`${harts} threads`);
    }
  });

  test('is right with every kind of lock and of barrier', () => {
    for (const [word, { id, blocking }] of LOCKS.entries()) {
      const words = { ...sizesOf(program), lock: word, barrier: word % BARRIERS.length };
      const { lines } =
        blocking || program.bareEntry === undefined
          ? runUnderKernel(program, { preset: 'smp', harts: 4 }, words)
          : bare(program, 'smp', words);
      expect(told(lines)).toEqual(good(program));
      expect(lines[0]).toContain(`${id}, ${BARRIERS[word % BARRIERS.length]?.id}`);
    }
  });
});

test.each([matmul, sor])('$name has one result, whoever computes', (program) => {
  const lines = [1, 2, 7, 8].map((harts) =>
    lineOf(runUnderKernel(program, { preset: 'smp', harts }, sizesOf(program)).lines),
  );
  expect(new Set(lines).size).toBe(1);
});

test('bnb goes on below the depth of its queue, and stops above, with any', () => {
  for (const depth of [1, 2, 5, 13]) {
    const { lines } = bare(bnb, 'smp', { cities: 5, depth });
    expect(told(lines)).toEqual(good(bnb));
  }
});

const SEEDS = Array.from({ length: DEEP ? 60 : 16 }, (_, seed) => seed);
/** Whether a run that is cut off, stuck or wrong was seen with some schedule. */
const isFoundOut = (program: Program, words: Record<string, number>, harts = 3): boolean =>
  SEEDS.some((seed) => {
    const { stop, lines } = bare(program, 'smp', { ...sizesOf(program), ...words }, seed, harts);
    return stop !== 'finished' || told(lines).join() !== good(program).join();
  });

describe.each([
  { program: bnb, words: {} },
  { program: hashtable, words: { operations: 60, keys: 4, buckets: 2 } },
])('$program.name', ({ program, words }) => {
  test.each(BROKEN_LOCKS)('finds the lock $id out', (kind) => {
    expect(isFoundOut(program, { ...words, lock: lockKinds.add(kind) })).toBe(true);
  });
});

test('hashtable stops at a chain without an end', () => {
  const words = { lock: lockKinds.add(BROKEN_LOCKS[0] as LockKind), operations: 2000, buckets: 2, keys: 8 };
  const machine = new Machine(presetConfig('smp', { harts: 8 }));
  startBare(machine, hashtable, parameterWordsOf({ ...hashtable, parameters: widened(hashtable) }, words));
  expect(machine.run({ instructions: 5_000_000 })).toMatchObject({ kind: 'crashed' });
});

describe('sor', () => {
  const words = { size: 3, sweeps: 20 };

  test.each(BROKEN_BARRIERS)('finds the barrier $id out', (kind) => {
    expect(isFoundOut(sor, { ...words, barrier: barrierKinds.add(kind) }, 4)).toBe(true);
  });

  test('finds nothing wrong with a right one', () => {
    expect(isFoundOut(sor, words, 4)).toBe(false);
  });
});

test.each(BARE)('$name is right with any schedule', (program) => {
  expect(isFoundOut(program, { lock: 0 })).toBe(false);
});

describe('wordcount', () => {
  const text = 'The quick fox, the slow fox; THE fox-hunt. a\nfoxes! '.repeat(20);
  const disk = new TextEncoder().encode(text);
  const count = (bytes: number, piece: number) => {
    const config = presetConfig('smp', { harts: 4 });
    const { output } = runKernel(wordcount, { config, disk, parameters: { bytes, piece } });
    return output.split('\n').filter(Boolean);
  };

  test.each([1, 7, 64, 4096])('counts what is on the disk, in pieces of %i bytes', (piece) => {
    for (const bytes of [text.length, text.length - 4, 1500]) {
      const words =
        text
          .slice(0, bytes)
          .toLowerCase()
          .match(/[a-z]+/g) ?? [];
      const lines = count(bytes, piece);
      expect(lines[0]).toContain(`${words.length} words, ${new Set(words).size} different`);
      expect(told(lines)).toEqual(good(wordcount));
    }
  });

  test('says how many words there is room for', () => {
    const config = presetConfig('smp', { harts: 2 });
    const { stop, machine } = runKernel(wordcount, { config, disk, parameters: { words: 3 } });
    expect(stop.kind === 'halted' && stop.status !== 0).toBe(true);
    expect(String(machine.exceptions[0]?.error)).toContain('--set words=6');
  });
});
