import { expect, test } from 'vitest';
import { conduct } from '../../../../lab/experiments/framework/conduct.ts';
import type { Row } from '../../../../lab/experiments/framework/experiment.ts';
import { judge } from '../../../../lab/experiments/framework/judge.ts';
import { settingsFor } from '../../../../lab/experiments/framework/settings.ts';
import { cellsOf } from '../../../../lab/experiments/framework/sweep.ts';
import { programs } from '../../../../lab/experiments/programs/programs.ts';

const run = (set: Record<string, string>, jobs = 1) =>
  conduct(programs, settingsFor(programs, { quick: true, set: new Map(Object.entries(set)) }), { jobs });

test('a speedup is over one hart that does the same, and four harts are quicker than one', async () => {
  const { rows } = await run({ machine: 'smp', program: 'matmul,sor' });
  expect(rows).toHaveLength(4);
  for (const row of rows) {
    expect(row).toMatchObject({ right: true });
    if (row['harts'] === 1) expect(row).toMatchObject({ speedup: 1, overhead: 0 });
    else expect(row['speedup']).toBeGreaterThan(1.5);
  }
});

test('the rows are the same on two threads, and for numbers of harts that are not listed', async () => {
  const set = { machine: 'cc-numa', program: 'bnb,hashtable', harts: '3,6' };
  const [alone, shared] = [await run(set), await run(set, 2)];
  expect(shared.rows).toEqual(alone.rows);
  expect(alone.rows.filter((row) => row['harts'] === 3)).not.toEqual([]);
});

test('what the kernel has no room for is not measured, and says why', async () => {
  const { rows } = await run({ machine: 'smp', program: 'sor', harts: '4', 'tlb.ways': '3' });
  for (const row of rows)
    expect(row).toMatchObject({ cycles: null, notMeasured: expect.stringMatching(/tlb/) });
});

test('a sweep is the usual lock and barrier, but where others are of interest; or those that were asked for', () => {
  const cells = (set: Record<string, string>) =>
    cellsOf(programs, settingsFor(programs, { set: new Map(Object.entries(set)) }));
  expect(cells({})).toHaveLength(6 * 5 * 4 - 5 + 2 * 6);
  expect(cells({ harts: '256', machine: 'cc-numa', program: 'sor' })).toEqual([
    { machine: 'cc-numa', program: 'sor', lock: 'mcs', barrier: 'sense-reversing', harts: 256 },
  ]);
  expect(cells({ lock: 'ticket', harts: '4', machine: 'smp' })).toHaveLength(5);
});

/** Rows as they would be if all that is claimed were so, or nothing. */
const rowsWith = (asClaimed: boolean): Row[] =>
  ['smp', 'cc-numa', 'butterfly', 'symmetry'].flatMap((machine) =>
    ['sor', 'matmul', 'bnb', 'hashtable'].flatMap((program) =>
      [1, 4, 16, 64].flatMap((harts) =>
        [
          ['mcs', 'sense-reversing'],
          ['test-and-set', 'sense-reversing'],
          ['mcs', 'dissemination'],
        ].map(([lock, barrier]): Row => {
          const apart = ['sor', 'matmul'].includes(program);
          const isBus = ['smp', 'symmetry'].includes(machine);
          let factor = lock === 'test-and-set' ? 3 : 1;
          if (barrier === 'dissemination') factor *= isBus ? 2 : 0.5;
          const gain = (apart ? 0.8 : 0.2) * (isBus ? 0.5 : 1);
          const cycles = 1000 * factor * (harts === 1 ? 1 : 1 / (gain * Math.sqrt(harts) + 1));
          const claimed = { cycles, speedup: 1000 / cycles, overhead: harts * cycles, right: true };
          const other = {
            cycles: 1 / claimed.cycles,
            speedup: 1 / claimed.speedup,
            overhead: -claimed.overhead,
            right: false,
          };
          return { machine, program, harts, lock, barrier, ...(asClaimed ? claimed : other) } as Row;
        }),
      ),
    ),
  );

test.each(programs.claims)('$id holds where it is so, and fails where it is not', (claim) => {
  expect(judge(claim, rowsWith(true)).verdict).toBe('holds');
  expect(judge(claim, rowsWith(false)).verdict).toBe('fails');
  expect(judge(claim, []).verdict).toBe('not-measured');
});
