/** Bugs planted in the source of the kernel's objects: the random lives of lives.test.ts meet each of them. */
import { expect, test } from 'vitest';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import { BUGS } from './bugs.ts';
import { firstProblem } from './scenes.ts';

/** Scenes that are tried at most. */
const MOST = 400;
const SEED = 20_260_101;

test('without a bug nothing is found', () => {
  expect(firstProblem('calls', 15, SEED)).toBeUndefined();
  expect(firstProblem('holds', 15, SEED)).toBeUndefined();
});

test.each(BUGS)('$name', async (bug) => {
  const module = await loadChanged('test/kernel/objects/scenes.ts', bug);
  const found = (module['firstProblem'] as typeof firstProblem)(bug.scenes, MOST, SEED);
  expect(found).toMatch(bug.shows);
});
