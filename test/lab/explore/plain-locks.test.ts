/**
 * Why plain reads and writes do not make a lock so easily: every execution of two threads that add to a counter,
 * with a load and a store, under locks that have no atomic instruction. Each thread takes the lock once or twice,
 * and waiting parks a hart until what it watches changes, so there are finitely many executions.
 */
import { describe, expect, test } from 'vitest';
import { BakeryLock, type NumberedLock, PetersonLock } from '../../../userland/sync/index.ts';
import { AnnounceThenLook } from '../../zoo/from-reads-and-writes/announce-then-look.ts';
import { LookThenTake } from '../../zoo/from-reads-and-writes/look-then-take.ts';
import { count, LOCK, type Model } from './counting.ts';

/** How often each of the two threads takes the lock. */
const TIMES: [number, number][] = [
  [1, 1],
  [2, 1],
];
if (process.env['EDDY_DEEP']) TIMES.push([2, 2]);

const BARE = { fences: false } as const;
const LOCKS = {
  Peterson: (options?: typeof BARE): NumberedLock => new PetersonLock(LOCK, options),
  bakery: (options?: typeof BARE): NumberedLock => new BakeryLock(LOCK, 2, options),
};

/** How the executions end, each way once; fails unless all were seen. */
function waysToEnd(lock: NumberedLock, times: readonly number[], model: Model): string[] {
  const { ends, exhausted } = count(lock, times, model);
  expect(exhausted).toBe(true);
  return [...ends.keys()].toSorted();
}

describe.each(Object.entries(LOCKS))('the %s lock', (_name, make) => {
  test.each(TIMES)(
    'excludes in all executions under sc, without fences, taken %i and %i times',
    (...times) => {
      const all = times[0] + times[1];
      expect(waysToEnd(make(BARE), times, 'sc')).toEqual([`finished ${all} of ${all}`]);
    },
    120_000,
  );

  test('does not under tso, without fences', () => {
    const { ends } = count(make(BARE), [1, 1], 'tso', { untilWrong: true });
    expect(ends.get('finished 1 of 2')).toBe(1);
  });

  test.each(TIMES)(
    'excludes under tso with its fences, taken %i and %i times',
    (...times) => {
      const all = times[0] + times[1];
      expect(waysToEnd(make(), times, 'tso')).toEqual([`finished ${all} of ${all}`]);
    },
    120_000,
  );
});

describe('broken attempts', () => {
  test('to look, then take, lets both in', () => {
    expect(waysToEnd(new LookThenTake(LOCK), [1, 1], 'sc')).toEqual(['finished 1 of 2', 'finished 2 of 2']);
  });

  test('to announce, then look, never lets both in, but may let neither in', () => {
    expect(waysToEnd(new AnnounceThenLook(LOCK), [2, 2], 'sc')).toEqual([
      'deadlock 0 of 4',
      'deadlock 1 of 4',
      'deadlock 2 of 4',
      'finished 4 of 4',
    ]);
  });
});
