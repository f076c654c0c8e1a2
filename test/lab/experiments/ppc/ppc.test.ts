import { expect, test } from 'vitest';
import { fetchAndAdd, load, mark, MARK, packPlace, store } from '../../../../hw/isa/index.ts';
import { Machine } from '../../../../hw/machine.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { conduct } from '../../../../lab/experiments/framework/conduct.ts';
import type { Row } from '../../../../lab/experiments/framework/experiment.ts';
import { judge } from '../../../../lab/experiments/framework/judge.ts';
import { settingsFor } from '../../../../lab/experiments/framework/settings.ts';
import { ppc } from '../../../../lab/experiments/ppc/ppc.ts';
import { SharedLines } from '../../../../lab/experiments/ppc/shared-lines.ts';

const run = (set: Record<string, string>) =>
  conduct(ppc, settingsFor(ppc, { quick: true, set: new Map(Object.entries(set)) }), { jobs: 1 });

test('every scene is measured, and the rows are the same again', async () => {
  const set = { harts: '1,3', rounds: '5', changes: '2' };
  const [first, second] = [await run(set), await run(set)];
  expect(second.rows).toEqual(first.rows);
  for (const row of first.rows) {
    const keys = ['null', 'locked', 'message'].includes(String(row['scene']))
      ? ['perCall', 'throughput', 'locks', 'sharedLines']
      : ['perChange'];
    for (const key of keys) expect(row[key]).toBeTypeOf('number');
  }
});

test('nothing is shared by calls, and much by messages', async () => {
  const { rows } = await run({ scene: 'null,message', harts: '4' });
  expect(rows.find(({ scene }) => scene === 'null')).toMatchObject({ sharedLines: 0, locks: 0 });
  const message = rows.find(({ scene }) => scene === 'message') as Row;
  expect(message['sharedLines']).toBeGreaterThan(10);
  expect(message['locks']).toBeGreaterThanOrEqual(3);
});

/** Rows as they would be if all that is claimed were so, or nothing. */
const rowsWith = (asClaimed: boolean): Row[] =>
  ['cc-numa', 'smp'].flatMap((machine) =>
    [1, 2, 16].flatMap((harts) =>
      ['null', 'locked', 'message', 'memory', 'calls', 'counter-memory', 'counter-calls'].map(
        (scene): Row => {
          const grows = asClaimed === (scene === 'null');
          const slow = asClaimed === ['message', 'memory', 'counter-memory'].includes(scene);
          const exact = asClaimed ? 0 : 1;
          return {
            machine,
            scene,
            harts,
            throughput: grows ? harts : 1,
            perCall: slow ? 2 : 1,
            perRead: slow ? 2 : 1,
            sharedLines: exact,
            locks: exact,
          };
        },
      ),
    ),
  );

test.each(ppc.claims.map((claim) => [claim.id, claim] as const))('%s can hold, and can fail', (_, claim) => {
  expect(judge(claim, rowsWith(true)).verdict).toBe('holds');
  expect(judge(claim, rowsWith(false)).verdict).toBe('fails');
});

const LINE = 0x4000;

test('a line that one hart writes and another touches is shared, between the marks of each', () => {
  const machine = new Machine(presetConfig('smp', { harts: 3 }));
  const lines = new SharedLines(machine);
  for (let hart = 0; hart < 3; hart++)
    machine.start(hart, function* () {
      yield store(LINE + 256, hart);
      yield mark(MARK.place, ...packPlace('begin'));
      if (hart === 0) yield store(LINE, 1);
      if (hart === 1) yield load(LINE + 4);
      yield load(LINE + 64);
      yield fetchAndAdd(LINE + 128, 1);
      yield store(LINE + 1024 + 64 * hart, 1);
      yield mark(MARK.lockAcquired, LINE);
      yield mark(MARK.place, ...packPlace('end'));
      yield load(LINE + 1024);
    });
  machine.run();
  expect(lines).toMatchObject({ shared: 2, readOnly: 1, locks: 3 });
});
