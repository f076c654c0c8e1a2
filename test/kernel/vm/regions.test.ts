/** Invariants 2 and 4 under random programs about regions, by random schedules; and a bug that they must meet. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effort } from '../../hw/effort.ts';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import { firstProblem } from './parts-scene.ts';
import { playRegions, regionScenes } from './region-scenes.ts';

/** Schedules in which the planted bug is looked for. */
const SEEDS = 400;

test('whatever threads do with regions, each finds what it stored, and nothing is left', () => {
  fc.assert(
    fc.property(regionScenes, (scene) => {
      expect(playRegions(scene)).toEqual([]);
    }),
    effort(15),
  );
});

test('a representative that is installed before it is initialised is met', async () => {
  const module = await loadChanged('test/kernel/vm/parts-scene.ts', {
    file: 'kernel/objects/root.ts',
    edits: [
      [
        'const fixed = yield load(this.address + ROOT.fixed);\n    for',
        'yield store(slot, rep);\n    const fixed = yield load(this.address + ROOT.fixed);\n    for',
      ],
    ],
  });
  const found = (module['firstProblem'] as typeof firstProblem)(SEEDS);
  expect(found).toMatch(/panic|crash|status|budget|deadlock/);
  // The same schedules break nothing in the kernel as it is.
  expect(firstProblem(20)).toBeUndefined();
});
