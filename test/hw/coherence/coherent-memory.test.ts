import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../effort.ts';
import { PRESET_NAMES, shapes, small } from '../machines.ts';
import { programs } from '../random-access.ts';
import { firstFlaw } from './check-run.ts';

describe.each(PRESET_NAMES)('coherent memory on %s', (preset) => {
  test('keeps one writer or many readers, and gives the values of one memory', () => {
    fc.assert(
      fc.property(shapes(4), programs(8, 40), (shape, random) => {
        const fitted = { ...shape, preset, nodes: preset === 'smp' ? 1 : shape.nodes };
        expect(firstFlaw({ config: small(fitted), programs: random })).toBeUndefined();
      }),
      effort(60),
    );
  });

  test('does so with more sharers than the directory has pointers', () => {
    fc.assert(
      fc.property(shapes(1), programs(10, 15), fc.integer({ min: 5, max: 10 }), (shape, random, cores) => {
        const config = small({ ...shape, preset, coresPerNode: cores });
        expect(firstFlaw({ config, programs: random })).toBeUndefined();
      }),
      effort(25),
    );
  });
});
