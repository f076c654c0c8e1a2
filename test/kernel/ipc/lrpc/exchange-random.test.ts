/**
 * Domain caching against random calls, kills, migrations and captured threads, with the invariants `lrpc`, `scheduling` and
 * `tlb` among those that are looked at.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../hw/effort.ts';
import * as product from './life.ts';

const SLICES = [800, 3000, 20_000];

describe('random calls with domain caching', () => {
  test.each([2, 3, 4, 8])('leave nothing behind and lose no thread, on %i harts', (harts) => {
    fc.assert(
      fc.property(
        fc.constantFrom('cc-numa', 'smp', 'firefly'),
        fc.integer({ min: 1, max: 1 << 30 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(...SLICES),
        (preset, seed, clients, slice) => {
          const life = { preset, harts, seed, clients, slice, memoryPerNode: product.PLENTY };
          expect(product.whatGoesWrong({ ...life, kind: 'exchanges' })).toBeUndefined();
        },
      ),
      effort(1),
    );
  });
});
