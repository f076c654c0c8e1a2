import { describe, expect, test } from 'vitest';
import { conduct } from '../../../../lab/experiments/framework/conduct.ts';
import type { Experiment, Row } from '../../../../lab/experiments/framework/experiment.ts';
import { judge } from '../../../../lab/experiments/framework/judge.ts';
import { settingsFor } from '../../../../lab/experiments/framework/settings.ts';
import { domainCaching } from '../../../../lab/experiments/lrpc/domain-caching.ts';
import { lrpc } from '../../../../lab/experiments/lrpc/lrpc.ts';
import { lrpcThroughput } from '../../../../lab/experiments/lrpc/lrpc-throughput.ts';

const run = (experiment: Experiment, set: Record<string, string>) =>
  conduct(experiment, settingsFor(experiment, { quick: true, set: new Map(Object.entries(set)) }), {
    jobs: 1,
  });

describe('lrpc', () => {
  test('counts the copies that were executed, and the same cell gives the same rows', async () => {
    const set = { procedure: 'bigInOut', tlb: 'untagged', mechanism: 'lrpc,message,restricted', calls: '20' };
    const { rows } = await run(lrpc, set);
    expect(rows.map(({ mechanism, letters }) => [mechanism, letters])).toEqual([
      ['lrpc', 'AF'],
      ['message', 'ABCEBCF'],
      ['restricted', 'ADEBF'],
    ]);
    expect((await run(lrpc, set)).rows).toEqual(rows);
  });

  test('its parts of a call add up to the call', async () => {
    const { rows } = await run(lrpc, { procedure: 'null', mechanism: 'lrpc', calls: '20' });
    for (const row of rows) {
      const sum = ['traps', 'walks', 'stubs', 'kernel'].reduce((total, key) => total + Number(row[key]), 0);
      expect(sum / Number(row['perCall'])).toBeGreaterThan(0.95);
      expect(sum / Number(row['perCall'])).toBeLessThan(1.02);
    }
  });
});

test('a call with domain caching changes places twice, and costs what that costs', async () => {
  const { rows } = await run(lrpc, {
    procedure: 'null',
    mechanism: 'lrpc,lrpc-mp',
    tlb: 'untagged',
    calls: '20',
  });
  const [alone, exchanged] = rows;
  expect([alone?.['exchanges'], exchanged?.['exchanges']]).toEqual([0, 2]);
  const claim = lrpc.claims.find(({ id }) => id === 'L2');
  if (claim === undefined) throw new Error('there is no claim L2');
  expect(judge(claim, rows).measured).toBeCloseTo(
    Number(exchanged?.['perCall']) / Number(alone?.['perCall']),
    5,
  );
});

test('lrpc-throughput measures calls of several threads', async () => {
  const { rows } = await run(lrpcThroughput, { clients: '1,2', calls: '20', harts: '2' });
  expect(rows).toHaveLength(6);
  for (const row of rows) expect(row['throughput']).toBeGreaterThan(0);
});

/** Rows as they would be if all that is claimed were so, or nothing. */
function latencies(asClaimed: boolean): Row[] {
  return ['lrpc', 'lrpc-mp', 'message', 'restricted'].flatMap((mechanism) =>
    ['null', 'bigInOut', 'immutable'].flatMap((procedure) =>
      ['untagged', 'tagged'].map((tlb): Row => {
        const isLrpc = mechanism === 'lrpc';
        const letters = isLrpc ? (procedure === 'immutable' ? 3 : 2) : mechanism === 'message' ? 7 : 5;
        return {
          mechanism,
          procedure,
          tlb,
          perCall: isLrpc ? 100 : mechanism === 'lrpc-mp' ? (asClaimed ? 80 : 120) : asClaimed ? 300 : 101,
          exchanges: mechanism === 'lrpc-mp' ? 2 : 0,
          traps: asClaimed ? 30 : 5,
          walks: asClaimed ? (tlb === 'tagged' ? 5 : 33) : 5,
          stubs: asClaimed ? 20 : 5,
          kernel: asClaimed ? 17 : 85,
          tlbMisses: 1,
          copies: asClaimed ? letters : 9,
          letters: '',
          bind: isLrpc ? 10_000 : 1000,
          locality: 0,
        };
      }),
    ),
  );
}

function throughputs(asClaimed: boolean): Row[] {
  const of: Record<string, number[]> = asClaimed
    ? { lrpc: [1, 2, 3.7], baseline: [0.35, 0.63, 0.63] }
    : { lrpc: [1, 1, 1], baseline: [1, 1, 2] };
  return Object.entries(of).flatMap(([system, values]) =>
    [1, 2, 4].map(
      (clients, index): Row => ({
        machine: 'firefly',
        system,
        clients,
        throughput: values[index] ?? 0,
        underLock: asClaimed ? 1 : 50,
      }),
    ),
  );
}

test.each(lrpc.claims.map((claim) => [claim.id, claim] as const))('%s can hold, and can fail', (_, claim) => {
  expect(judge(claim, latencies(true)).verdict).toBe('holds');
  expect(judge(claim, latencies(false)).verdict).toBe('fails');
});

test.each(lrpcThroughput.claims.map((claim) => [claim.id, claim] as const))(
  '%s can hold, and can fail',
  (_, claim) => {
    expect(judge(claim, throughputs(true)).verdict).toBe('holds');
    expect(judge(claim, throughputs(false)).verdict).toBe('fails');
  },
);

describe('domain-caching', () => {
  test('pays when the data of both sides are too large for one cache, and not when they are small', async () => {
    const set = { machine: 'smp', bytes: '1024,24576', calls: '10' };
    const { rows } = await run(domainCaching, set);
    const time = (caching: string, bytes: number): number =>
      Number(rows.find((row) => row['caching'] === caching && row['bytes'] === bytes)?.['perRound']);
    expect(time('on', 1024)).toBeGreaterThan(time('off', 1024));
    expect(time('on', 24_576)).toBeLessThan(time('off', 24_576) / 2);
  });

  test.each(domainCaching.claims.map((claim) => [claim.id, claim] as const))(
    '%s can hold, and can fail',
    (_, claim) => {
      const rounds = (on: number): Row[] =>
        ['firefly', 'smp'].flatMap((machine) =>
          ['off', 'on'].map((caching) => ({
            machine,
            caching,
            bytes: 8192,
            perRound: caching === 'on' ? on : 1000,
          })),
        );
      expect(judge(claim, rounds(500)).verdict).toBe('holds');
      expect(judge(claim, rounds(1500)).verdict).toBe('fails');
    },
  );
});

test('eight threads make several times the calls of one: they share no list of A-stacks, and no line', async () => {
  for (const machine of ['smp', 'firefly']) {
    const { rows } = await run(lrpcThroughput, {
      machine,
      system: 'lrpc',
      clients: '1,8',
      calls: '200',
      harts: '8',
    });
    const [one, eight] = rows.map((row) => Number(row['throughput']));
    // With one list, eight made a quarter of the calls of one on smp; 1.6 times as many on firefly.
    expect(Number(eight) / Number(one)).toBeGreaterThan(3);
  }
});
