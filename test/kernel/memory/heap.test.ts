/**
 * The kernel heap under random load: no block is given out twice, none changes under its owner, none is lost; in the
 * end everything is home. In time with random seeds, and by random schedules; and with bugs planted, which must be found.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadChanged } from '../../zoo/kernel/planted.ts';
import { type firstHeapProblem, play } from './play.ts';
import { scenes } from './scripts.ts';

const RUNS = process.env['EDDY_DEEP'] ? 400 : 40;
const BY_SCHEDULE = process.env['EDDY_DEEP'] ? 200 : 20;
describe('random loads leave the heap as it should be', () => {
  test('in time', () => {
    fc.assert(
      fc.property(scenes(60), (scene) => {
        expect(play(scene, false)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('by random schedules', () => {
    fc.assert(
      fc.property(scenes(30, [2, 4, 8]), (scene) => {
        expect(play(scene, true)).toEqual([]);
      }),
      { numRuns: BY_SCHEDULE },
    );
  });
});

/** Bugs in batch.ts by which a block of another node never comes home. */
const LOST: readonly (readonly [string, string, string])[] = [
  [
    'a block is not linked to those before it',
    '  yield store(block + FREE_BLOCK.next, yield load(place + BATCH.head));\n',
    '  yield store(block + FREE_BLOCK.next, 0);\n',
  ],
  [
    'a batch of another pool is dropped where it should be sent home',
    '    yield* sendHome(local, place);\n    blocks = 0;',
    '    yield store(place + BATCH.head, 0);\n    blocks = 0;',
  ],
];

test.each(LOST)('a remote free is lost: %s', async (_, from, to) => {
  const change = { file: 'kernel/memory/batch.ts', edits: [[from, to]] } as const;
  const module = await loadChanged('test/kernel/memory/play.ts', change);
  const found = (module['firstHeapProblem'] as typeof firstHeapProblem)(400, 20_260_101);
  expect(found).toMatch(/are counted|in no free list|in use/);
});
