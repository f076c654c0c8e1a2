import { describe, expect, test } from 'vitest';
import { conduct } from '../../../../lab/experiments/framework/conduct.ts';
import { settingsFor } from '../../../../lab/experiments/framework/settings.ts';
import { contest, lockIn } from '../../../../lab/experiments/locks/contest.ts';
import { bestFrom } from '../../../../lab/experiments/locks/curves.ts';
import { overlaps } from '../../../../lab/experiments/locks/figures.ts';
import { locks } from '../../../../lab/experiments/locks/locks.ts';
import { SPIN_LOCKS } from '../../../../lab/experiments/locks/measure.ts';
import { probe } from '../../../../lab/experiments/locks/probe.ts';
import { quiesce } from '../../../../lab/experiments/locks/quiesce.ts';
import { stalled } from '../../../../lab/experiments/locks/stalled.ts';
import { Arena } from '../../../../lab/experiments/synchronization/arena.ts';
import { MACHINES } from '../../../../lab/experiments/synchronization/machines.ts';
import { type LockKind, LOCKS } from '../../../../userland/index.ts';
import { BROKEN_LOCKS } from '../../../userland/sync/broken-locks.ts';

const SETTINGS = settingsFor(locks);
const kindOf = (id: string): LockKind => LOCKS.find((kind) => kind.id === id) as LockKind;
const run = (set: Record<string, string>) =>
  conduct(locks, settingsFor(locks, { quick: true, set: new Map(Object.entries(set)) }), { jobs: 1 });

test('on a cluster there are none, and who asks is told why', async () => {
  const { rows } = await run({ machine: 'cluster', lock: 'mcs', measure: 'contest', harts: '4' });
  expect(rows).toMatchObject([{ perSection: null, notMeasured: expect.stringContaining('share none') }]);
});

test.each(MACHINES)('every spin lock is measured on %s, and none lets two in', (machine) => {
  for (const kind of SPIN_LOCKS) {
    const arena = new Arena(machine, 4, SETTINGS);
    const { sections } = contest(arena, lockIn(arena, kind), { rounds: 5, section: 10 });
    expect(sections).toHaveLength(20);
    expect({ kind: kind.id, overlaps: overlaps(sections) }).toEqual({ kind: kind.id, overlaps: 0 });
  }
});

test('a lock that lets two in is seen in the figures', () => {
  const arena = new Arena('smp', 4, SETTINGS);
  const { sections } = contest(arena, lockIn(arena, BROKEN_LOCKS[0] as LockKind), {
    rounds: 20,
    section: 500,
  });
  expect(overlaps(sections)).toBeGreaterThan(0);
});

describe('one release', () => {
  const release = (id: string) => quiesce(new Arena('symmetry', 8, SETTINGS), kindOf(id));

  test.each(['anderson', 'mcs', 'clh'])(
    'of %s sends one waiter to memory; each looks at a word of its own',
    (id) => {
      expect(release(id)).toMatchObject({ woken: 1, looksShared: false, inOrder: true });
    },
  );

  test.each(['spin-on-read', 'ticket'])('of %s sends all seven; all look at one word', (id) => {
    expect(release(id)).toMatchObject({ woken: 7, looksShared: true });
  });

  test('of test-and-set is never quiet', () => {
    expect(release('test-and-set')).toMatchObject({ quiesce: null, woken: 7, looksShared: true });
  });
});

test('a waiter that is away holds up a queue, and not a test-and-set lock', () => {
  const meanwhile = (id: string) =>
    Number(stalled(new Arena('symmetry', 4, SETTINGS), kindOf(id), 40)['meanwhile']);
  expect(meanwhile('mcs')).toBeLessThan(4);
  expect(meanwhile('anderson')).toBeLessThan(4);
  expect(meanwhile('test-and-set')).toBeGreaterThan(50);
});

test('who looks at the network sees the same however long it looks', () => {
  const hot = (id: string, looks: number) =>
    Number(probe(new Arena('butterfly', 16, SETTINGS), kindOf(id), looks)['hotNode']);
  for (const id of ['test-and-set', 'linear-backoff', 'exponential-backoff', 'mcs']) {
    expect(Math.abs(hot(id, 400) - hot(id, 100))).toBeLessThan(5);
  }
  expect(hot('test-and-set', 100)).toBeGreaterThan(20 * hot('mcs', 100));
});

test('from where on a lock is best', () => {
  const times: Readonly<Record<string, readonly number[]>> = { queue: [9, 9, 9, 9], spin: [1, 10, 8, 20] };
  const rows = Object.entries(times).flatMap(([lock, all]) =>
    all.map((time, index) => ({ lock, time, harts: index + 1 })),
  );
  expect(bestFrom(rows, 'time', {}, 'queue', ['spin'])).toBe(4);
  expect(bestFrom(rows, 'time', {}, 'spin', ['queue'])).toBe(Number.POSITIVE_INFINITY);
});

test('a small sweep fails no claim about MCS, exclusion and order; what it leaves out is not measured', async () => {
  const { claims } = await run({
    measure: 'contest,release',
    machine: 'butterfly,symmetry',
    harts: '1,2,4,8',
  });
  const verdicts = Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toMatchObject({
    'M1-local': 'holds',
    'M6-exclusion': 'holds',
    'M6-fifo': 'holds',
    M1: 'not-measured',
    'M3-order': 'not-measured',
  });
});
