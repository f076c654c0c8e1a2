import { expect, test } from 'vitest';
import { conduct } from '../../../lab/experiments/framework/conduct.ts';
import { settingsFor } from '../../../lab/experiments/framework/settings.ts';
import { pageFault } from '../../../lab/experiments/page-fault/page-fault.ts';

test('page-fault: threads do not wait for each other with clustered objects, and do in a traditional kernel', async () => {
  const set = new Map([
    ['test', 'fault'],
    ['form', 'threads'],
  ]);
  const { rows, claims } = await conduct(pageFault, settingsFor(pageFault, { quick: true, set }), {
    jobs: 1,
  });
  expect(rows).toHaveLength(4);
  const verdicts = Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toEqual({
    't1-fault': 'holds',
    't2-fault': 'holds',
    't3-fault': 'not-measured',
    't1-thread': 'not-measured',
    't2-thread': 'not-measured',
    't3-thread': 'not-measured',
    't1-fstat': 'not-measured',
    't2-fstat': 'not-measured',
    't3-fstat': 'not-measured',
  });
});

test('page-fault: nor do they when each asks the file server of a file of its own', async () => {
  const set = new Map([
    ['test', 'fstat'],
    ['form', 'threads'],
    ['vm', 'objects'],
  ]);
  const settings = settingsFor(pageFault, { quick: true, set });
  const { rows, claims } = await conduct(pageFault, settings, { jobs: 1 });
  expect(rows).toHaveLength(2);
  expect(claims.find(({ id }) => id === 't1-fstat')?.verdict).toBe('holds');
});
