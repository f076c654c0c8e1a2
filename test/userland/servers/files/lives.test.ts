/**
 * Invariant 9: what was written is read back, also after a restart; and when the power fails, e2fsck finds nothing but what it
 * can put in order, and what was synced is there.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../hw/effort.ts';
import { firstLoss } from './crash.ts';
import { makeImage } from './ext2-image.ts';
import { whatGoesWrong } from './life.ts';

const deep = process.env['EDDY_DEEP'] !== undefined;
const images = new Map(
  [1024, 4096].map((blockSize) => [blockSize, makeImage({ blockSize, blocks: (2 << 20) / blockSize })]),
);

describe('random operations on files', () => {
  test.each(deep ? [1, 2, 8] : [5])('are answered as a simple model does, on %i harts', (harts) => {
    fc.assert(
      fc.property(
        fc.constantFrom('cc-numa', 'smp'),
        fc.constantFrom(1024, 4096),
        fc.integer({ min: 1, max: 1 << 30 }),
        fc.boolean(),
        (preset, blockSize, seed, byPpc) => {
          const image = images.get(blockSize) as Uint8Array;
          const operations = Math.ceil(40 / Math.sqrt(harts));
          expect(whatGoesWrong({ image, preset, harts, seed, operations, byPpc })).toBeUndefined();
        },
      ),
      { ...effort(1), endOnFailure: true },
    );
  });
});

describe('a machine that is switched off at any moment', () => {
  test.each(deep ? [1, 4] : [3])('loses nothing that was synced, with %i harts', (harts) => {
    const image = makeImage({ blocks: 1024 });
    for (let seed = 1; seed <= (deep ? 20 : 1); seed++)
      expect(firstLoss({ image, harts, seed, files: 10 }, deep ? 40 : 2)).toBeUndefined();
  });
});
