/** What memory costs behind a multistage switch: all modules alike in the dance hall, five to one on the Butterfly. */
import { describe, expect, test } from 'vitest';
import { fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { countsOf, cyclesOf, once, takeTurns, type Turn } from '../turns.ts';

const at = (machine: Machine, node: number, offset = 0x1000): number =>
  node * machine.config.memoryPerNode + offset;

describe('in the dance hall', () => {
  const build = (harts: number): Machine =>
    new Machine(presetConfig('dance-hall', { harts, set: { memoryPerNode: 1 << 20, skew: 1 } }));

  test.each([2, 8, 16])('each of %i processors is as far from each module', (harts) => {
    const machine = build(harts);
    const { l1Hit, memory, hop } = machine.config.timing;
    const turns: Turn[] = Array.from({ length: harts }, (_, home) => [
      home % 3 === 0 ? 0 : harts - 1,
      cyclesOf(() => load(at(machine, home))),
    ]);
    const expected = 2 * Math.log2(harts) * hop + memory + l1Hit;
    expect(takeTurns(machine, ...turns)).toEqual(turns.map(() => expected));
    expect(machine.counters.total('localFills')).toBe(0);
    expect(machine.counters.total('remoteFills')).toBe(harts);
  });

  test('a line from another cache goes through the switch four times', () => {
    const machine = build(4);
    const { l1Hit, hop, directory, cacheToCache } = machine.config.timing;
    const word = at(machine, 2);
    const gave = takeTurns(machine, [1, once(() => store(word, 7))], [0, cyclesOf(() => load(word))]);
    // To the home; to the owner; across from there.
    expect(gave[1]).toBe((2 + 2 + 4) * hop + directory + cacheToCache + l1Hit);
    expect(countsOf(machine, 'cacheFills')).toEqual([1, 0, 0, 0]);
  });

  test('those who want different modules do not wait; those who want one do', () => {
    const ends = (homeOf: (hart: number) => number): [number[], number] => {
      const machine = build(8);
      for (let hart = 0; hart < 8; hart++) {
        machine.start(
          hart,
          once(() => load(at(machine, homeOf(hart), 0x1000 + 0x40 * hart))),
        );
      }
      expect(machine.run()).toEqual({ kind: 'finished' });
      const clocks = Array.from({ length: 8 }, (_, hart) => machine.clock(hart));
      return [clocks.toSorted((left, right) => left - right), machine.counters.total('queueCycles')];
    };
    const { l1Hit, memory, hop, memoryOccupancy } = build(8).config.timing;
    const alone = 6 * hop + memory + l1Hit;
    expect(ends((hart) => hart)).toEqual([Array(8).fill(alone), 0]);
    const [crowded, queued] = ends(() => 0);
    // The module is what they wait for longest.
    expect(crowded).toEqual(Array.from({ length: 8 }, (_, turn) => alone + turn * memoryOccupancy));
    expect(queued).toBe(28 * memoryOccupancy);
  });
});

describe('on the Butterfly', () => {
  const build = (harts: number): Machine =>
    new Machine(presetConfig('butterfly', { harts, set: { memoryPerNode: 1 << 20, skew: 1 } }));

  test('of 64 processors a remote reference costs five times a local one, from its table', () => {
    const machine = build(64);
    machine.markUncached(0, 64 << 20);
    const gave = takeTurns(
      machine,
      [3, cyclesOf(() => load(at(machine, 3)))],
      [3, cyclesOf(() => load(at(machine, 4)))],
      [3, cyclesOf(() => load(at(machine, 60)))],
      [63, cyclesOf(() => load(at(machine, 63)))],
      [63, cyclesOf(() => load(at(machine, 0)))],
    );
    const { l1Hit, memory, hop } = machine.config.timing;
    const [near, far] = [memory + l1Hit, memory + l1Hit + 2 * 6 * hop];
    expect(gave).toEqual([near, far, far, near, far]);
    expect(far / near).toBeCloseTo(5, 1);
    expect(countsOf(machine, 'localFills').reduce((sum, count) => sum + count)).toBe(2);
  });

  test('an atomic instruction goes to the module, past the caches', () => {
    const machine = build(8);
    const gave = takeTurns(
      machine,
      ...Array.from({ length: 8 }, (_, hart): Turn => [hart, once(() => fetchAndAdd(at(machine, 5), 1))]),
    );
    expect(gave).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(countsOf(machine, 'localFills')[5]).toBe(1);
  });
});
