import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../hw/effort.ts';
import { shapes, small } from '../hw/machines.ts';
import { programs } from '../hw/random-access.ts';
import { startRandom } from './random-run.ts';

describe('two machines in one process', () => {
  test('do not disturb each other when their steps alternate', () => {
    const piece = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(
        shapes(3),
        shapes(3),
        programs(4, 20),
        programs(4, 20),
        fc.array(piece, { minLength: 1, maxLength: 10 }),
        (shape0, shape1, random0, random1, pieces) => {
          const alone = [startRandom(small(shape0), random0), startRandom(small(shape1), random1)];
          for (const run of alone) run.go();
          const together = [startRandom(small(shape0), random0), startRandom(small(shape1), random1)];
          let turn = 0;
          let unfinished = true;
          while (unfinished) {
            unfinished = false;
            for (const run of together) unfinished = run.go(pieces[turn++ % pieces.length]) || unfinished;
          }
          for (const index of [0, 1]) {
            expect(together[index]?.events).toEqual(alone[index]?.events);
            expect(together[index]?.machine.counters).toEqual(alone[index]?.machine.counters);
          }
        },
      ),
      effort(40),
    );
  });
});
