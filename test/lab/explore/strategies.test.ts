/** Each strategy finds each planted bug within few schedules, and no bug in the correct twin. */
import { describe, expect, test } from 'vitest';
import { Dpor } from '../../../lab/explore/dpor.ts';
import type { Search } from '../../../lab/explore/every-execution.ts';
import { findFailure } from '../../../lab/explore/find-failure.ts';
import { Pct } from '../../../lab/explore/pct.ts';
import { PreemptionBound } from '../../../lab/explore/preemption-bound.ts';
import { RandomWalk } from '../../../lab/explore/random-walk.ts';
import { RoundRobin } from '../../../lab/explore/round-robin.ts';
import { searching } from '../../../lab/explore/strategies.ts';
import { executeBy } from '../../../lab/explore/subject.ts';
import { PLANTED, storeThenLook } from './planted.ts';

const STRATEGIES: readonly [string, (seed: number) => Search][] = [
  ['random', (seed) => new RandomWalk(seed)],
  ['pct', (seed) => new Pct(3, seed)],
  ['bound', () => new PreemptionBound(2)],
  ['round-robin', () => new RoundRobin(2)],
  ['dpor', () => new Dpor(2)],
];
const FEW = 500;

describe.each(PLANTED)('the $name', ({ name, breaks, broken, correct, preemptions }) => {
  test.each(STRATEGIES)('is found by %s, which gives a schedule that repeats it', (_, make) => {
    for (const seed of [1, 2, 3]) {
      const { failed, exhausted } = findFailure(broken, make(seed), { schedules: FEW });
      expect(failed?.failure.invariant).toBe(breaks);
      expect(exhausted).toBe(false);
      expect(executeBy(failed?.schedule ?? [], broken)).toEqual(failed);
    }
  });

  test('is found by bound with as few preemptions as it takes', () => {
    const { failed } = findFailure(broken, new PreemptionBound(3), { schedules: FEW });
    expect(failed?.preemptions).toBe(preemptions);
  });

  // A lock that polls has executions without end: those that depend on nobody’s fairness are bounded.
  test.each(STRATEGIES.filter(([id]) => id !== 'dpor' || name !== 'lock that is tested, then set'))(
    'is not found by %s in the correct twin',
    (_, make) => {
      expect(findFailure(correct, make(1), { schedules: FEW }).failed).toBeUndefined();
    },
  );
});

describe('preemption bounding', () => {
  test('says when there is no other schedule, however many preemptions', () => {
    const [lostUpdate] = PLANTED;
    const search = new PreemptionBound(10);
    const { exhausted, schedules } = findFailure(lostUpdate!.correct, search, { schedules: FEW });
    expect(exhausted).toBe(true);
    expect(search.isEverything).toBe(true);
    expect(schedules).toBeGreaterThan(2);
  });

  test('says how many preemptions it has been through when there are more', () => {
    const [, , bothOrders] = PLANTED;
    const search = new PreemptionBound(1);
    const { exhausted } = findFailure(bothOrders!.correct, search, { schedules: 10_000 });
    expect([exhausted, search.complete, search.isEverything]).toEqual([true, 1, false]);
  });

  test('runs no schedule twice, and all of them', () => {
    const seen: string[] = [];
    const [lostUpdate] = PLANTED;
    const subject = lostUpdate!.broken;
    const search = new PreemptionBound(10);
    const watching: typeof subject = {
      ...subject,
      start: () => ({ ...subject.start(), judge: () => undefined }),
    };
    let order: number[] = [];
    const noting: Search = {
      redundant: 0,
      needsFootprint: false,
      begin: (machine, footprint) => {
        order = [];
        search.begin(machine, footprint);
      },
      choose: (runnable, step) => {
        const actor = search.choose(runnable, step);
        order.push(actor as number);
        return actor;
      },
      next: () => {
        seen.push(order.join(''));
        return search.next();
      },
    };
    findFailure(watching, noting, { schedules: 1000 });
    expect(new Set(seen).size).toBe(seen.length);
    // Two harts with three steps each (load, store, end): 6 over 3 orders.
    expect(seen.length).toBe(20);
  });
});

test('probabilistic concurrency testing reports 1/(n·k^(d−1))', () => {
  const { correct } = PLANTED[0]!;
  const { search, coverage } = searching('pct', { harts: 2, seed: 1, depth: 3 });
  findFailure(correct, search, { schedules: 64 });
  const { steps } = executeBy([], correct);
  expect(coverage(false).bound).toBe(1 / (2 * steps ** 2));
});

test('drains of store buffers are actors of a schedule, too', () => {
  const { failed } = findFailure(storeThenLook, new PreemptionBound(3), { schedules: 2000 });
  expect(failed?.failure.invariant).toBe('count');
  expect(executeBy(failed?.schedule ?? [], storeThenLook)).toEqual(failed);
});
