/** Invariants 2 and 4 under random programs about regions, by random schedules; and a bug that they must meet. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effort } from '../../hw/effort.ts';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import { type firstProblemOfParts, playRegions, regionScenes } from './region-scenes.ts';

test('whatever threads do with regions, each finds what it stored, and nothing is left', () => {
  fc.assert(
    fc.property(regionScenes, (scene) => {
      expect(playRegions(scene)).toEqual([]);
    }),
    effort(15),
  );
});

test('a representative that is installed before it is initialised is met', async () => {
  const module = await loadChanged('test/kernel/vm/region-scenes.ts', {
    file: 'kernel/objects/root.ts',
    edits: [
      [
        'const fixed = yield load(this.address + ROOT.fixed);\n    for',
        'yield store(slot, rep);\n    const fixed = yield load(this.address + ROOT.fixed);\n    for',
      ],
    ],
  });
  const found = (module['firstProblemOfParts'] as typeof firstProblemOfParts)(600, 20_260_101);
  expect(found).toMatch(/panic|in use|status|ended/);
});
