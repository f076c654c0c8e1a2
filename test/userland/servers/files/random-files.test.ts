/** Invariant 9: what was written is read back, also after a restart. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../../../hw/effort.ts';
import { makeImage } from './ext2-image.ts';
import { whatGoesWrong } from './life.ts';

const images = new Map(
  [1024, 4096].map((blockSize) => [blockSize, makeImage({ blockSize, blocks: (2 << 20) / blockSize })]),
);

describe('random operations on files', () => {
  test.each([1, 8])('are answered as a simple model does, on %i harts', (harts) => {
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
