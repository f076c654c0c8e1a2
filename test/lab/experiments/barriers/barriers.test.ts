import { expect, test } from 'vitest';
import { barriers } from '../../../../lab/experiments/barriers/barriers.ts';
import { conduct } from '../../../../lab/experiments/framework/conduct.ts';
import { settingsFor } from '../../../../lab/experiments/framework/settings.ts';
import { MACHINES } from '../../../../lab/experiments/synchronization/machines.ts';

const run = (set: Record<string, string>) =>
  conduct(barriers, settingsFor(barriers, { quick: true, set: new Map(Object.entries(set)) }), { jobs: 1 });

test('remote references without coherence are what the formulas say, to the last one', async () => {
  const { rows } = await run({ machine: 'butterfly', harts: '2,3,5,8,13' });
  for (const row of rows) {
    const harts = Number(row['harts']);
    const formulas: Readonly<Record<string, number>> = {
      dissemination: harts * Math.ceil(Math.log2(harts)),
      tournament: 2 * harts - 2,
      'mcs-tree': 2 * harts - 2,
    };
    const wanted = formulas[String(row['barrier'])];
    if (wanted !== undefined) expect(row).toMatchObject({ remote: wanted });
  }
});

test('by messages, too', async () => {
  const { rows } = await run({ machine: 'cluster', harts: '2,3,5,8,13' });
  expect(rows).toHaveLength(10);
  for (const row of rows) {
    const harts = Number(row['harts']);
    const isTournament = row['barrier'] === 'tournament-messages';
    const messages = isTournament ? 2 * harts - 2 : harts * Math.ceil(Math.log2(harts));
    expect(row).toMatchObject({ remote: messages, early: 0, atomics: 0 });
  }
});

test('what cannot be measured on a machine says why, if it alone is asked for', async () => {
  const { rows: none } = await run({ machine: 'cluster', barrier: 'counting', harts: '4' });
  expect(none).toMatchObject([{ notMeasured: expect.stringContaining('the nodes of a cluster share none') }]);
  const { rows: two } = await run({ machine: 'smp', barrier: 'tournament-messages', harts: '4' });
  expect(two).toMatchObject([{ notMeasured: expect.stringContaining('smp has none') }]);
});

test.each(MACHINES)('every barrier is measured on %s, and nobody passes early', async (machine) => {
  const { rows } = await run({ machine, harts: '4', all: '1' });
  expect(rows.length).toBeGreaterThan(6);
  for (const row of rows) expect(row).toMatchObject({ early: 0 });
});

test('the rows are the same on two threads', async () => {
  const settings = settingsFor(barriers, { quick: true, set: new Map([['harts', '4']]) });
  const [alone, shared] = [
    await conduct(barriers, settings, { jobs: 1 }),
    await conduct(barriers, settings, { jobs: 2 }),
  ];
  expect(shared.rows).toEqual(alone.rows);
});
