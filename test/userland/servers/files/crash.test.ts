/** When the power fails, e2fsck finds nothing but what it can put in order, and what was synced is there. */
import { describe, expect, test } from 'vitest';
import { firstLoss } from './crash.ts';
import { makeImage } from './ext2-image.ts';

const deep = process.env['EDDY_DEEP'] !== undefined;

describe('a machine that is switched off at any moment', () => {
  test.each([1, 4])('loses nothing that was synced, with %i harts', (harts) => {
    const image = makeImage({ blocks: 1024 });
    for (let seed = 1; seed <= (deep ? 20 : 1); seed++)
      expect(firstLoss({ image, harts, seed, files: 10 }, deep ? 40 : 2)).toBeUndefined();
  });
});
