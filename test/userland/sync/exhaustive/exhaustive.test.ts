/**
 * Every lock with two threads that take it twice, and every barrier with two and three threads that meet twice, in
 * every execution that there is, up to the order of independent steps. There is no end of executions where a waiter
 * polls with pauses between: then in every schedule with at most so many preemptions. (A mutex whose waiters sleep
 * needs a kernel: see ../under-kernel.test.ts.)
 */
import { describe, expect, test } from 'vitest';
import { BARRIERS, LOCKS } from '../../../../userland/index.ts';
import { BROKEN_BARRIERS } from '../broken-barriers.ts';
import { BROKEN_LOCKS } from '../broken-locks.ts';
import { cover, type Coverage, MODELS, type Model } from './coverage.ts';
import { contend, FROM_READS_AND_WRITES, meet, numbered } from './exercises.ts';

const DEEP = process.env['EDDY_DEEP'] !== undefined;
const LONG = DEEP ? 900_000 : 120_000;
const TIMES = 2;
const KINDS = [...LOCKS.filter((kind) => !kind.blocking).map(numbered), ...FROM_READS_AND_WRITES];
const MODEL_NAMES = Object.keys(MODELS) as Model[];

/** Of which a polling waiter, or their number, keeps us from running every execution under sc. */
const POLLING = ['linear-backoff', 'exponential-backoff', 'ticket-backoff'];
/** With three threads there are too many even for a bound. */
const MANY = ['counting'];

/** What must have been covered at least: all under sc; behind store buffers, as much as there is patience for. */
function expectCovered(coverage: Coverage, model: Model, isAll: boolean): void {
  expect(coverage.wrong).toEqual([]);
  if (model === 'sc' && isAll) expect(coverage.kind).toBe('every execution');
  else if (coverage.kind !== 'every execution') expect(coverage.executions).toBeGreaterThan(100);
}

describe.each(MODEL_NAMES)('under %s', (model) => {
  test.each(KINDS)(
    'two threads that take the lock $id twice exclude each other',
    (kind) => {
      const coverage = cover(contend(kind, 2, TIMES), model);
      expectCovered(coverage, model, !POLLING.includes(kind.id));
      if (model === 'sc' && coverage.kind !== 'every execution')
        expect(coverage.bound).toBeGreaterThanOrEqual(1);
    },
    LONG,
  );

  test.each(BARRIERS.flatMap((kind) => [2, 3].map((harts) => ({ kind, id: kind.id, harts }))))(
    '$harts threads that meet twice at the barrier $id leave it together',
    ({ kind, id, harts }) => {
      expectCovered(cover(meet(kind, harts, TIMES), model), model, harts < 3 || !MANY.includes(id));
    },
    LONG,
  );
});

describe('the exercises catch', () => {
  test.each(BROKEN_LOCKS)('the lock $id', (kind) => {
    expect(cover(contend(numbered(kind), 2, TIMES), 'sc').kind).toBe('wrong');
  });

  test.each(BROKEN_BARRIERS)('the barrier $id', (kind) => {
    expect([2, 3].map((harts) => cover(meet(kind, harts, TIMES), 'sc').kind)).toContain('wrong');
  });
});
