/** Copies of a counter that are kept equal by calls to the harts that have them (`kernel.objects.consistency=calls`). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import { type firstProblem, play, type Scene, scenes } from './copies-scene.ts';

const DEEP = process.env['EDDY_DEEP'] !== undefined;

/** Everybody adds and reads, nobody replaces. */
const alike = (harts: number, degree: number): Scene => ({
  preset: 'cc-numa',
  harts,
  storeBuffer: 0,
  degree,
  seed: 1,
  lists: Array.from({ length: 8 }, (_, hart) => [hart + 1, 0, 1, 0, 0]),
});

test.each([
  [1, 1],
  [2, 1],
  [8, 1],
  [8, 4],
])('%i harts that all add at once, a copy for each %i, read what was added', (harts, degree) => {
  expect(play(alike(harts, degree))).toEqual([]);
});

test('random additions, reads and replacements: each read is right, and every invariant holds', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      expect(play(scene)).toEqual([]);
    }),
    { numRuns: DEEP ? 500 : 10 },
  );
});

test('it is found when the answers are not awaited', async () => {
  const awaits = 'if (cluster !== own) yield* awaitAnswers(';
  const edits = [[awaits, awaits.replace('!== own', '< 0')]] as const;
  const change = { file: 'kernel/counters/copies.ts', edits };
  const module = await loadChanged('test/kernel/counters/copies-scene.ts', change);
  expect((module['firstProblem'] as typeof firstProblem)(20, 1)).toMatch(/read \d+, not \d+ to \d+/);
});
