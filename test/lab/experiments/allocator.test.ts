/** The experiment `allocator`: which claims hold also in a short form, and that each can fail. */
import { expect, test } from 'vitest';
import { allocator } from '../../../lab/experiments/allocator/allocator.ts';
import { conduct } from '../../../lab/experiments/framework/conduct.ts';
import type { Row } from '../../../lab/experiments/framework/experiment.ts';
import { judge } from '../../../lab/experiments/framework/judge.ts';
import { settingsFor } from '../../../lab/experiments/framework/settings.ts';

const run = (set: Record<string, string>) =>
  conduct(allocator, settingsFor(allocator, { quick: true, set: new Map(Object.entries(set)) }), { jobs: 1 });

// As many operations as in the full form: first fillings of lists weigh less than in the quick one.
const { rows, claims } = await run({ rounds: '480' });

/** What this allocator does not reach: a burst on a bus, where all share one pool. */
const NOT_REACHED = ['bursts-scale'];

test('every claim holds but those that this allocator does not reach', () => {
  expect(claims.filter(({ verdict }) => verdict === 'not-measured')).toEqual([]);
  for (const { id, verdict } of claims) if (verdict === 'fails') expect(NOT_REACHED).toContain(id);
});

/** Ways to take the heaps for each other. */
const MIXUPS: readonly Readonly<Record<string, string>>[] = [
  { 'per-hart': 'global', global: 'per-hart', 'global-spin': 'global-spin' },
  { 'per-hart': 'per-hart', global: 'global-spin', 'global-spin': 'global' },
];

test('every claim fails where the heaps are taken for each other, and the kinds of blocks', () => {
  const failed = MIXUPS.flatMap((mixup) => {
    const mixed = rows.map(
      (row): Row =>
        row['workload'] === 'counters'
          ? { ...row, kind: swapKind(row['kind'] as string) }
          : { ...row, heap: mixup[row['heap'] as string] ?? null, inUse: 1 },
    );
    return allocator.claims.filter((claim) => judge(claim, mixed).verdict === 'fails').map(({ id }) => id);
  });
  expect(new Set(failed)).toEqual(new Set(allocator.claims.map(({ id }) => id)));
});

const swapKind = (kind: string): string =>
  ({ padded: 'global', global: 'local', local: 'padded' })[kind] ?? kind;

test('the counters on the harts differ only in the lines that they share', () => {
  for (const machine of ['cc-numa', 'smp']) {
    const at = (kind: string, key: string): unknown =>
      rows.find(
        (row) =>
          row['machine'] === machine &&
          row['workload'] === 'counters' &&
          row['kind'] === kind &&
          row['harts'] === 16,
      )?.[key];
    expect([at('padded', 'misses'), at('local', 'misses')]).toEqual([0, 0]);
    expect(at('global', 'misses')).toBeGreaterThan(0.1);
  }
});

test('a machine on which the kernel has no room is not measured, and says why', async () => {
  const { rows: none } = await run({ machine: 'smp', workload: 'pairs', harts: '64', memoryPerNode: '256k' });
  expect(none).not.toEqual([]);
  for (const row of none) expect(row['notMeasured']).toMatch(/too few for the kernel/);
});
