import { expect, test } from 'vitest';
import { conduct } from '../../../lab/experiments/framework/conduct.ts';
import { settingsFor } from '../../../lab/experiments/framework/settings.ts';
import { placement } from '../../../lab/experiments/placement/placement.ts';

test('placement: pages that move, or are replicated, leave fewer misses to other nodes', async () => {
  const set = new Map([
    ['pattern', 'private,shared-read'],
    ['placement', 'first-touch,migrate,replicate'],
    ['pages', '10'],
    ['rounds', '4'],
  ]);
  const { rows, claims } = await conduct(placement, settingsFor(placement, { quick: true, set }), {
    jobs: 1,
  });
  const moved = rows.find((row) => row['pattern'] === 'private' && row['placement'] === 'migrate');
  // Those of the first node's four workers are where they are used.
  expect(moved?.['moved']).toBe(12 * 10);
  expect(Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]))).toEqual({
    own: 'not-measured',
    migration: 'holds',
    replication: 'holds',
    interleave: 'not-measured',
    'no-cure': 'not-measured',
  });
});
