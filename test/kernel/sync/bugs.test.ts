/** Bugs planted in the source of the synchronization objects: the random scenes of races.test.ts meet each of them. */
import { expect, test } from 'vitest';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import { BUGS } from './bugs.ts';
import type { firstProblem } from './scenes.ts';

/** Scenes that are tried at most. */
const MOST = 400;
const SEED = 20_260_101;

test.each(BUGS)(
  '$name',
  async (bug) => {
    const module = await loadChanged('test/kernel/sync/scenes.ts', bug);
    const found = (module['firstProblem'] as typeof firstProblem)(MOST, SEED);
    expect(found).toMatch(bug.shows);
  },
  120_000,
);
