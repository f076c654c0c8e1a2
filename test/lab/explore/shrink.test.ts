/** Shrunk schedules are the least that fail: compared with the search that tries few preemptions first. */
import { describe, expect, test } from 'vitest';
import { findFailure } from '../../../lab/explore/find-failure.ts';
import { RandomWalk } from '../../../lab/explore/random-walk.ts';
import { shrink } from '../../../lab/explore/shrink.ts';
import { executeBy } from '../../../lab/explore/subject.ts';
import { PLANTED } from './planted.ts';

describe.each(PLANTED)('a schedule that shows the $name', ({ broken, breaks, preemptions }) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('is shrunk to the fewest preemptions (seed %i)', (seed) => {
    const { failed } = findFailure(broken, new RandomWalk(seed), { schedules: 1000 });
    const shrunk = shrink(failed!, broken);
    expect(shrunk.fewest).toBe(true);
    expect(shrunk.failed.preemptions).toBe(preemptions);
    expect(shrunk.failed.failure.invariant).toBe(breaks);
    expect(executeBy(shrunk.failed.schedule, broken)).toEqual(shrunk.failed);
  });

  test('is shrunk to the same one, wherever it began', () => {
    const schedules = [1, 2, 3, 4].map((seed) => {
      const { failed } = findFailure(broken, new RandomWalk(seed), { schedules: 1000 });
      return shrink(failed!, broken).failed.schedule;
    });
    expect(new Set(schedules.map((schedule) => JSON.stringify(schedule))).size).toBe(1);
  });

  test('is as good as can be proven, with no patience at all', () => {
    const { failed } = findFailure(broken, new RandomWalk(1), { schedules: 1000 });
    const shrunk = shrink(failed!, broken, { schedules: 0 });
    expect(shrunk.failed).toEqual(failed);
    expect(shrunk.fewest).toBe(failed!.preemptions === 0);
  });
});
