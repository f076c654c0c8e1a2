/** The historical machines take the times that were published about them, measured by programs on them. */
import { describe, expect, test } from 'vitest';
import { load, store } from '../../hw/isa/index.ts';
import { Machine } from '../../hw/machine.ts';
import { presetConfig } from '../../hw/presets.ts';
import { cyclesOf, once, takeTurns, type Turn } from './turns.ts';

const build = (preset: string, harts: number): Machine =>
  new Machine(presetConfig(preset, { harts, set: { memoryPerNode: 8 << 20, skew: 1 } }));

const WORD = 0x1000;

describe('amd16 (Corey 2008)', () => {
  const SIXTEEN = 16;
  const timed = cyclesOf(() => load(WORD));
  /** Turns of a hart that fill the set of the word in a cache of so many bytes a way, so that the word leaves it. */
  const drive = (hart: number, ways: number, bytes: number): Turn[] =>
    Array.from(
      { length: ways },
      (_, way) => [hart, once(() => load(WORD + (way + 1) * (bytes / ways)))] as const,
    );

  test('3 cycles to the first level', () => {
    expect(takeTurns(build('amd16', SIXTEEN), [0, once(() => load(WORD))], [0, timed])[1]).toBe(3);
  });

  test('14 to the second', () => {
    const machine = build('amd16', SIXTEEN);
    const { size, ways } = machine.config.l1;
    const gave = takeTurns(machine, [0, once(() => load(WORD))], ...drive(0, ways, size), [0, timed]);
    expect(gave.at(-1)).toBe(14);
  });

  test('75 to the third, which the chip shares', () => {
    const machine = build('amd16', SIXTEEN);
    // A dirty line goes home from one core; another one of the chip reads it.
    const { size, ways } = machine.config.l2;
    const lines = drive(0, ways + machine.config.l1.ways, (size / ways) * (ways + machine.config.l1.ways));
    const gave = takeTurns(machine, [0, once(() => store(WORD, 1))], ...lines, [1, timed]);
    expect(gave.at(-1)).toBe(75);
  });

  test('127 to the cache of another core of the chip', () => {
    expect(takeTurns(build('amd16', SIXTEEN), [0, once(() => store(WORD, 1))], [1, timed])[1]).toBe(127);
  });

  test('200 to the own memory, and about 330 to the farthest', () => {
    const [near, far] = takeTurns(
      build('amd16', SIXTEEN),
      [0, timed],
      [12, cyclesOf(() => load(WORD + 0x40))],
    );
    expect(near).toBe(200);
    expect(Math.abs((far ?? 0) - 330)).toBeLessThan(10);
  });
});

test('symmetry: two to the cache, and a bus that is held while memory answers', () => {
  const gave = takeTurns(
    build('symmetry', 4),
    [0, cyclesOf(() => load(WORD))],
    [0, cyclesOf(() => load(WORD))],
    [1, cyclesOf(() => load(WORD))],
  );
  const { hop, memory, cacheToCache, l1Hit } = presetConfig('symmetry').timing;
  expect(gave).toEqual([hop + memory + l1Hit, l1Hit, hop + cacheToCache + l1Hit]);
});

test('numachine and origin: memory of another station or node is farther than the own', () => {
  for (const preset of ['numachine', 'origin']) {
    const machine = build(preset, 16);
    const [own = 0, other = 0] = takeTurns(
      machine,
      [0, cyclesOf(() => load(WORD))],
      [0, cyclesOf(() => load(machine.config.memoryPerNode + WORD))],
    ) as number[];
    expect(other - own).toBe(2 * machine.config.timing.hop);
  }
});
