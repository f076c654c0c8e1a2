/** Machines whose writes update the copies of others: the same property as for those that invalidate. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effort } from '../effort.ts';
import { shapes, small } from '../machines.ts';
import { programs } from '../random-access.ts';
import { firstFlaw } from './check-run.ts';

const UPDATE = { coherence: 'update' } as const;

describe.each(['smp', 'cc-numa', 'dance-hall'] as const)(
  'memory on %s whose copies are updated',
  (preset) => {
    test('has one owner of a line, whom all copies equal, and gives the values of one memory', () => {
      fc.assert(
        fc.property(shapes(4), programs(8, 40), (shape, random) => {
          const fitted = { ...shape, preset, nodes: preset === 'smp' ? 1 : shape.nodes };
          expect(firstFlaw({ config: small(fitted, UPDATE), programs: random })).toBeUndefined();
        }),
        effort(50),
      );
    });

    test('does so with more sharers than the directory has pointers', () => {
      fc.assert(
        fc.property(shapes(1), programs(10, 15), fc.integer({ min: 5, max: 10 }), (shape, random, cores) => {
          const config = small({ ...shape, preset, coresPerNode: cores }, UPDATE);
          expect(firstFlaw({ config, programs: random })).toBeUndefined();
        }),
        effort(20),
      );
    });
  },
);

test('the dance hall with copies that are invalidated keeps one writer or many readers', () => {
  fc.assert(
    fc.property(shapes(4), programs(8, 40), (shape, random) => {
      const config = small({ ...shape, preset: 'dance-hall' });
      expect(firstFlaw({ config, programs: random })).toBeUndefined();
    }),
    effort(50),
  );
});
