/** Invariant 6 for every policy: random threads on 1 to 16 harts, queues of every degree, and random schedules. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POLICIES } from '../../../kernel/index.ts';
import { problemsOf, type Scene } from './random-threads.ts';

const RUNS = process.env['EDDY_DEEP'] === undefined ? 2 : 60;

const scenes = (scheduler: string) =>
  fc.record({
    scheduler: fc.constant(scheduler),
    degree: fc.constantFrom('shared', 'node', 'hart', 'group:2'),
    harts: fc.constantFrom(1, 2, 3, 4, 8, 16),
    seed: fc.nat(1 << 20),
    threads: fc.integer({ min: 1, max: 6 }),
    actions: fc.integer({ min: 1, max: 12 }),
    schedule: fc.constantFrom<Scene['schedule']>('time', 'slices', 'adverse', 'adverse'),
    options: fc.constantFrom(
      {},
      { stealing: 'on' as const },
      { stealing: 'on' as const, procrastination: 0 },
    ),
  });

test.each(POLICIES.map(({ name }) => name))(
  'random threads end, and nobody is lost, with %s',
  (scheduler) => {
    fc.assert(
      fc.property(scenes(scheduler), (scene) => {
        expect(problemsOf(scene)).toEqual([]);
      }),
      { numRuns: RUNS, seed: 6 },
    );
  },
);
