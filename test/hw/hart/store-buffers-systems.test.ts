/** Store buffers before every memory system: what one hart sees of itself, and what others may and may not see. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../../hw/config.ts';
import { type Code, fence, fetchAndAdd, load, store, work } from '../../../hw/isa/index.ts';
import { OP } from '../../../hw/isa/op.ts';
import { Machine } from '../../../hw/machine.ts';
import { levelled, levelledShapes } from '../cache/levelled.ts';
import { ReferenceMemory } from '../coherence/reference-memory.ts';
import { effort } from '../effort.ts';
import { type Shape, small } from '../machines.ts';
import { addressOfWord, perform, programs, WORDS } from '../random-access.ts';
import { record } from '../record.ts';

const X = 0x1000;
const Y = 0x2000;

const SYSTEMS: readonly [string, Partial<Shape>, Partial<MachineConfig>][] = [
  ['a bus', { preset: 'smp', coresPerNode: 2 }, {}],
  ['a bus that updates', { preset: 'smp', coresPerNode: 2 }, { coherence: 'update' }],
  ['a directory that updates', { preset: 'cc-numa', nodes: 2 }, { coherence: 'update' }],
  ['a dance hall', { preset: 'dance-hall', nodes: 2 }, {}],
  ['two private levels', { preset: 'cc-numa', nodes: 2, ways: 1, sets: 1 }, { l2: { size: 32, ways: 2 } }],
  ['two harts of a core', { preset: 'smp', hartsPerCore: 2 }, {}],
];

/** What the two harts saw, for many offsets of one against the other. */
function outcomes(
  shape: Partial<Shape>,
  set: Partial<MachineConfig>,
  program: (hart: number, see: (value: number) => void) => Code,
): Set<string> {
  const all = new Set<string>();
  for (let offset = -60; offset <= 60; offset += 4) {
    const machine = new Machine(small(shape, { skew: 1, storeBuffer: 4, ...set }));
    const seen: number[][] = [[], []];
    for (const hart of [0, 1]) {
      machine.start(hart, function* () {
        yield load(X);
        yield load(Y);
        yield work(2000 - machine.clock(hart) + (hart === 0 ? Math.max(0, offset) : Math.max(0, -offset)));
        yield* program(hart, (value) => seen[hart]?.push(value));
      });
    }
    expect(machine.run()).toEqual({ kind: 'finished' });
    all.add(seen.flat().join());
  }
  return all;
}

describe.each(SYSTEMS)('with store buffers before %s', (_, shape, set) => {
  test('both harts can miss the other’s write, but not where a fence stands between', () => {
    const swap = (fenced: boolean) =>
      outcomes(shape, set, function* (hart, see) {
        yield store(hart === 0 ? X : Y, 1);
        if (fenced) yield fence();
        see(yield load(hart === 0 ? Y : X));
      });
    expect(swap(false)).toContain('0,0');
    expect(swap(true)).not.toContain('0,0');
  });

  test('who sees a hart’s later write sees its earlier one', () => {
    const seen = outcomes(shape, set, function* (hart, see) {
      if (hart === 0) {
        yield store(X, 1);
        yield store(Y, 1);
        return;
      }
      for (let look = 0; look < 12; look++) {
        see(yield load(Y));
        see(yield load(X));
      }
    });
    for (const outcome of seen) expect(outcome).not.toMatch(/^(.,.,)*1,0/);
    expect(seen.size).toBeGreaterThan(1);
  });

  test('atomic instructions lose nothing', () => {
    const machine = new Machine(small(shape, { storeBuffer: 4, ...set }));
    for (const hart of [0, 1]) {
      machine.start(hart, function* () {
        for (let turn = 0; turn < 30; turn++) {
          yield store(Y + 16 * hart, turn);
          yield fetchAndAdd(X, 1);
        }
      });
    }
    expect(machine.run()).toEqual({ kind: 'finished' });
    expect([machine.peek(X), machine.peek(Y), machine.peek(Y + 16)]).toEqual([60, 29, 29]);
  });
});

test('one hart sees its own stores in order, whatever they are and wherever they wait', () => {
  fc.assert(
    fc.property(
      levelledShapes(1, ['invalidate', 'update']),
      programs(1, 60),
      fc.constantFrom(1, 2, 8),
      (shape, [random = []], storeBuffer) => {
        const config = levelled({ ...shape, hartsPerCore: 1 }, { storeBuffer });
        const machine = new Machine(config);
        const { instructions } = record(machine);
        const seen: number[] = [];
        machine.start(0, function* () {
          for (const access of random) seen.push(yield* perform(access, addressOfWord(config, access.word)));
        });
        expect(machine.run()).toEqual({ kind: 'finished' });
        const reference = new ReferenceMemory(config.l1.line);
        for (const [index, issued] of instructions.entries()) {
          const value = seen[index] ?? 0;
          if (issued.op === OP.storeConditional) expect(reference.applyConditional(issued, value)).toBe(true);
          else expect(value).toBe(reference.apply(issued));
        }
        for (let word = 0; word < WORDS; word++) {
          const address = addressOfWord(config, word);
          expect(machine.peek(address)).toBe(reference.word(address));
        }
      },
    ),
    effort(80),
  );
});
