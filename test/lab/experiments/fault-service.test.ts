import { expect, test } from 'vitest';
import { faultService } from '../../../lab/experiments/fault-service/fault-service.ts';
import { conduct } from '../../../lab/experiments/framework/conduct.ts';
import { numberIn, pick } from '../../../lab/experiments/framework/rows.ts';
import { settingsFor } from '../../../lab/experiments/framework/settings.ts';

test('fault-service: threads with regions of their own wait for locks where they share one of everything', async () => {
  const set = new Map([['scenario', 'own regions']]);
  const settings = settingsFor(faultService, { quick: true, set });
  const { rows, claims } = await conduct(faultService, settings, { jobs: 1 });
  const verdict = (id: string): string | undefined => claims.find((claim) => claim.id === id)?.verdict;
  expect([verdict('hard-objects'), verdict('hard-traditional')]).toEqual(['holds', 'holds']);
  const waited = (vm: string): number =>
    Math.max(...pick(rows, { vm, harts: 16 }).map((row) => numberIn(row, 'waited')));
  expect(waited('objects')).toBeLessThan(10);
  expect(waited('traditional')).toBeGreaterThan(50);
});
