import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DISK_BLOCK, DISK_COMMAND } from '../../../hw/address-map.ts';
import { flush, load, loadReserved, store, storeConditional } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { firstFlaw } from '../coherence/check-run.ts';
import { effort } from '../effort.ts';
import { small } from '../machines.ts';
import { programs } from '../random-access.ts';
import { countsOf, cyclesOf, once, statesOf, takeTurns, transfer } from '../turns.ts';
import { levelled, levelledShapes } from './levelled.ts';

describe.each(['invalidate', 'update'] as const)('two private levels, with writes that %s', (coherence) => {
  test.each(['smp', 'cc-numa'] as const)(
    'hold a line at one of them, and keep the values of one memory: %s',
    (preset) => {
      fc.assert(
        fc.property(levelledShapes(4, [coherence]), programs(8, 40), (shape, random) => {
          const fitted = { ...shape, preset, nodes: preset === 'smp' ? 1 : shape.nodes };
          expect(firstFlaw({ config: levelled(fitted), programs: random })).toBeUndefined();
        }),
        effort(50),
      );
    },
  );
});

test('two private levels with a last one at each memory keep the values of one memory', () => {
  fc.assert(
    fc.property(
      levelledShapes(4, ['invalidate', 'update']),
      programs(8, 40),
      fc.constantFrom(1, 2, 8),
      (shape, random, lines) => {
        const config = levelled(shape, { llc: { size: lines * shape.line, ways: lines } });
        expect(firstFlaw({ config, programs: random })).toBeUndefined();
      },
    ),
    effort(40),
  );
});

/** Lines that meet in the one set of a first level of one way; the second level holds two. */
const [A, B, C, D] = [0x1000, 0x1010, 0x1020, 0x1030] as const;

const build = (cores: number, coherence: 'invalidate' | 'update' = 'invalidate'): Machine =>
  new Machine(
    small(
      { preset: 'smp', coresPerNode: cores, ways: 1, sets: 1 },
      { coherence, skew: 1, l2: { size: 32, ways: 2 } },
    ),
  );

/** Which lines of a core are at the first level, and which at the second. */
function levelsOf({ caches }: Machine, core: number): [string, string] {
  const found = (find: (line: number) => number): string =>
    [A, B, C, D]
      .map((address, index) => (find(address >>> caches.lineShift) >= 0 ? 'ABCD'[index] : ''))
      .join('');
  return [found((line) => caches.find(core, line)), found((line) => caches.findLower(core, line))];
}

const reads = (address: number) => once(() => load(address));
const writes = (address: number, value: number) => once(() => store(address, value));

describe('a line', () => {
  test('that the first level lets go is kept by the second, and comes back from there', () => {
    const machine = build(1);
    takeTurns(machine, [0, reads(A)], [0, reads(B)]);
    expect(levelsOf(machine, 0)).toEqual(['B', 'A']);
    takeTurns(machine, [0, reads(A)]);
    expect(levelsOf(machine, 0)).toEqual(['A', 'B']);
    expect(countsOf(machine, 'l2Hits')).toEqual([1]);
    expect(countsOf(machine, 'l1Misses')).toEqual([3]);
    expect(countsOf(machine, 'localFills')).toEqual([2]);
  });

  test('that the second level lets go, least recently used first, has left the core', () => {
    const machine = build(1);
    takeTurns(machine, [0, writes(A, 1)], [0, reads(B)], [0, reads(C)], [0, reads(D)]);
    expect(levelsOf(machine, 0)).toEqual(['D', 'BC']);
    expect(countsOf(machine, 'writebacks')).toEqual([1]);
    expect(machine.memory.words[A >>> 2]).toBe(1);
  });

  test('keeps its state and data on the way down and up', () => {
    const machine = build(1);
    const gave = takeTurns(machine, [0, writes(A, 7)], [0, reads(B)], [0, reads(A)], [0, reads(C)]);
    expect(gave[2]).toBe(7);
    expect(statesOf(machine, A)).toEqual(['M']);
    expect(countsOf(machine, 'writebacks')).toEqual([0]);
  });

  test('at the second level is found by another core that writes, and is gone', () => {
    const machine = build(2);
    const gave = takeTurns(
      machine,
      [0, writes(A, 7)],
      [0, reads(B)],
      [1, reads(A)],
      [1, writes(A, 8)],
      [0, reads(A)],
    );
    expect(gave[2]).toBe(7);
    expect(gave[4]).toBe(8);
    expect(countsOf(machine, 'invalidationsReceived')).toEqual([1, 0]);
  });

  test('at the second level takes the words that others send', () => {
    const machine = build(2, 'update');
    const gave = takeTurns(machine, [0, reads(A)], [0, reads(B)], [1, writes(A, 8)], [0, reads(A)]);
    expect(gave[3]).toBe(8);
    expect(countsOf(machine, 'l2Hits')).toEqual([1, 0]);
    expect(countsOf(machine, 'updatesReceived')).toEqual([1, 0]);
  });

  test('at the second level is flushed from there', () => {
    const machine = build(1);
    takeTurns(machine, [0, writes(A, 7)], [0, reads(B)], [0, once(() => flush(A))]);
    expect(levelsOf(machine, 0)).toEqual(['B', '']);
    expect(machine.memory.words[A >>> 2]).toBe(7);
  });

  test('at the second level is seen by a device, and destroyed where one writes', () => {
    const machine = build(1);
    machine.disk.image.fill(0x66, DISK_BLOCK, DISK_BLOCK + 4);
    takeTurns(machine, [0, writes(A, 0x55)], [0, reads(B)], [0, transfer(DISK_COMMAND.write, 0, A)]);
    expect(machine.disk.image[0]).toBe(0x55);
    const gave = takeTurns(machine, [0, transfer(DISK_COMMAND.read, 1, A)], [0, reads(A)]);
    expect(gave[1]).toBe(0x6666_6666);
    expect(countsOf(machine, 'l2Hits')).toEqual([0]);
  });

  test('that goes from one level to the other keeps a reservation; one that leaves the core does not', () => {
    for (const [others, failed] of [
      [[B], 0],
      [[B, C], 0],
      [[B, C, D], 1],
    ] as const) {
      const gave = takeTurns(
        build(1),
        [0, once(() => loadReserved(A))],
        ...others.map((address) => [0, reads(address)] as const),
        [0, once(() => storeConditional(A, 1))],
      );
      expect(gave.at(-1)).toBe(failed);
    }
  });
});

describe('what the second level costs', () => {
  const { l1Hit, l2Hit, hop } = build(1).config.timing;

  test('a read that it serves takes l2Hit', () => {
    const machine = build(1);
    const gave = takeTurns(machine, [0, reads(A)], [0, reads(B)], [0, cyclesOf(() => load(A))]);
    expect(gave[2]).toBe(l2Hit);
    const stalled = machine.counters.total('stallCycles');
    const { memory } = machine.config.timing;
    expect(stalled).toBe(2 * (hop + memory) + l2Hit - l1Hit);
  });

  test('so does a write of a line that no other core holds', () => {
    const write = cyclesOf(() => store(A, 1));
    expect(takeTurns(build(1), [0, writes(A, 1)], [0, reads(B)], [0, write])[2]).toBe(l2Hit);
    expect(takeTurns(build(1), [0, reads(A)], [0, reads(B)], [0, write])[2]).toBe(l2Hit);
  });

  test('a write of a shared line waits for the others, too', () => {
    for (const coherence of ['invalidate', 'update'] as const) {
      const machine = build(2, coherence);
      const write = cyclesOf(() => store(A, 1));
      const gave = takeTurns(machine, [0, reads(A)], [1, reads(A)], [0, reads(B)], [0, write]);
      expect(gave[3]).toBe(l2Hit + hop);
    }
  });

  test('a first-level hit costs what it costs without a second', () => {
    expect(takeTurns(build(1), [0, reads(A)], [0, cyclesOf(() => load(A))])[1]).toBe(l1Hit);
  });
});
