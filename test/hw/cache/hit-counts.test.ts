/** Hits, misses and write-backs of both private levels equal those of a naive simulator, exactly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { effort } from '../effort.ts';
import { small } from '../machines.ts';
import { NaiveHierarchy } from './naive-hierarchy.ts';

const BASE = 0x4000;
const COUNTED = ['l1Hits', 'l1Misses', 'l2Hits', 'localFills', 'writebacks'] as const;

const trace = fc.array(
  fc.record({
    kind: fc.constantFrom('load', 'load', 'store', 'fetchAndAdd'),
    // Some lines often, others now and then, and walks from one to the next.
    line: fc.oneof(fc.nat(5), fc.nat(40), fc.nat(200)),
    word: fc.nat(3),
    run: fc.constantFrom(1, 1, 1, 8),
  }),
  { maxLength: 120, size: 'max' },
);

const geometry = fc.record({
  line: fc.constantFrom(16, 64, 128),
  ways: fc.constantFrom(1, 2, 4, 8),
  sets: fc.constantFrom(1, 2, 8),
  lowerWays: fc.constantFrom(0, 1, 2, 8),
  lowerSets: fc.constantFrom(1, 2, 4, 16),
  coherence: fc.constantFrom('invalidate', 'update', 'none'),
  hitPath: fc.boolean(),
});

test('on one hart, random traces over sizes, ways and lines', () => {
  fc.assert(
    fc.property(geometry, trace, (shape, accesses) => {
      const { line, ways, sets, lowerWays, lowerSets, coherence, hitPath } = shape;
      const machine = new Machine(
        small(
          { ways, sets, line },
          { coherence, hitPath, l2: { size: lowerWays * lowerSets * line, ways: lowerWays } },
        ),
      );
      const naive = new NaiveHierarchy({ sets, ways }, { sets: lowerSets, ways: lowerWays });
      machine.start(0, function* program() {
        for (const access of accesses) {
          // Without coherence atomic instructions pass the caches by.
          const kind = coherence === 'none' && access.kind === 'fetchAndAdd' ? 'store' : access.kind;
          for (let step = 0; step < access.run; step++) {
            const address = BASE + (access.line + step) * line + 4 * access.word;
            if (kind === 'load') yield load(address);
            else if (kind === 'store') yield store(address, step);
            else yield fetchAndAdd(address, 1);
            naive.access(Math.floor(address / line), kind !== 'load');
          }
        }
      });
      expect(machine.run()).toEqual({ kind: 'finished' });
      const counts = Object.fromEntries(COUNTED.map((name) => [name, machine.counters.get(0, name)]));
      expect(counts).toEqual(naive.counts);
    }),
    effort(150),
  );
});

test('the traces tell levels apart: they miss both, hit the second, and write back', () => {
  const totals = { l1Hits: 0, l1Misses: 0, l2Hits: 0, localFills: 0, writebacks: 0 };
  for (const accesses of fc.sample(trace, { numRuns: 20, seed: 1 })) {
    const naive = new NaiveHierarchy({ sets: 2, ways: 2 }, { sets: 4, ways: 2 });
    for (const { line, kind } of accesses) naive.access(line, kind !== 'load');
    for (const name of COUNTED) totals[name] += naive.counts[name];
  }
  for (const name of COUNTED) expect(totals[name]).toBeGreaterThan(100);
});
