import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CacheDesign } from '../../../lab/cache/design.ts';
import { type CacheResult, CacheSimulation } from '../../../lab/cache/simulation.ts';
import { effort } from '../../hw/effort.ts';
import { naiveCounts, type NaiveDesign, type Touch } from './naive-cache.ts';
import { designs, traces } from './random-trace.ts';

const asDesign = ({ sets, ways, line, ...policy }: NaiveDesign): CacheDesign => ({
  size: sets * ways * line,
  ways,
  line,
  ...policy,
});

function simulated(design: CacheDesign, trace: readonly Touch[]): CacheResult {
  const simulation = new CacheSimulation(design);
  for (const { kind, address, size } of trace) simulation.access(kind, address, size);
  return simulation.result();
}

describe('one cache over a trace', () => {
  test('agrees with the naive simulator on any geometry and policy', () => {
    fc.assert(
      fc.property(designs({ min: 2, max: 8 }), traces(1 << 14, [1, 4, 8, 33], 1), (design, trace) => {
        const { byKind, byAccess, ...counts } = simulated(asDesign(design), trace);
        expect({ ...counts, ...byKind }).toEqual(naiveCounts(design, trace));
        const kinds = Object.values(byAccess);
        expect(kinds.reduce((sum, { misses }) => sum + misses, 0)).toBe(counts.misses);
      }),
      effort(400),
    );
  });

  test('agrees with it on addresses at both ends of 64 bits', () => {
    const far = fc.constantFrom(-(2 ** 24), -4096, 0, 2 ** 31 - 64, 2 ** 32 - 64, 2 ** 47, 2 ** 52);
    fc.assert(
      fc.property(
        designs({ min: 2, max: 8 }),
        traces(2048, [1, 16], 1),
        fc.array(far, { minLength: 1 }),
        (design, trace, bases) => {
          const moved = trace.map((one, index) => ({
            ...one,
            address: one.address + (bases[index % bases.length] as number),
          }));
          const { byKind, byAccess: _, ...counts } = simulated(asDesign(design), moved);
          expect({ ...counts, ...byKind }).toEqual(naiveCounts(design, moved));
        },
      ),
      effort(100),
    );
  });

  test('tells capacity from conflict', () => {
    const read = (line: number): Touch => ({ kind: 'read', address: line * 16, size: 1 });
    const direct = { size: 64, ways: 1, line: 16, writeBack: true, writeAllocate: true };
    // Two lines of one set, in a cache with room for four.
    expect(simulated(direct, [0, 4, 0, 4].map(read)).byKind).toEqual({ cold: 2, capacity: 0, conflict: 2 });
    // Five lines round and round: the least recently used one is always the next.
    expect(simulated(direct, [0, 1, 2, 3, 8, 0].map(read)).byKind).toEqual({
      cold: 5,
      capacity: 1,
      conflict: 0,
    });
  });
});
