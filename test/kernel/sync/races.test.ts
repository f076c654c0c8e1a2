/** Invariant 7 for the kernel's objects: exclusion, nobody past a barrier early, no wake-up lost, whatever comes between. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effort } from '../../hw/effort.ts';
import { problemOf, scenes } from './scenes.ts';

test('threads by chance, with time-outs, ends of holders and kills, on 1 to 8 harts', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      expect(problemOf(scene)).toBeUndefined();
    }),
    effort(12),
  );
}, 300_000);
