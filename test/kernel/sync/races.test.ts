/** Invariant 7 for the kernel's objects: exclusion, nobody past a barrier early, no wake-up lost, whatever comes between. */
import fc from 'fast-check';
import { test } from 'vitest';
import { effort } from '../../hw/effort.ts';
import { expectStatus } from '../run.ts';
import { races } from './races.ts';

const runs = fc.record({
  machine: fc.oneof(
    fc.record({ preset: fc.constant('smp'), harts: fc.integer({ min: 1, max: 8 }) }),
    // Harts are divided evenly over nodes.
    fc.record({ preset: fc.constantFrom('cc-numa', 'dance-hall'), harts: fc.constantFrom(1, 2, 4, 8) }),
  ),
  threads: fc.integer({ min: 2, max: 12 }),
  seed: fc.integer({ min: 1, max: 0xffff }),
  slice: fc.constantFrom(700, 3000, 20_000),
});

test('threads by chance, with time-outs, ends of holders and kills, on 1 to 8 harts', () => {
  fc.assert(
    fc.property(runs, ({ machine, threads, seed, slice }) => {
      expectStatus(0, races, { ...machine, seed, parameters: [seed, threads], options: { slice } });
    }),
    effort(12),
  );
}, 300_000);
