import { expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { EXPERIMENTS } from '../../../lab/experiments/catalogue.ts';
import { protocolInForce } from '../../../lab/experiments/coherence/protocol-in-force.ts';
import { conduct } from '../../../lab/experiments/framework/conduct.ts';
import type { Experiment } from '../../../lab/experiments/framework/experiment.ts';
import { settingsFor } from '../../../lab/experiments/framework/settings.ts';

const find = (id: string): Experiment => EXPERIMENTS.find((experiment) => experiment.id === id) as Experiment;
const run = (id: string, set: Record<string, string>) =>
  conduct(find(id), settingsFor(find(id), { quick: true, set: new Map(Object.entries(set)) }), { jobs: 1 });

test.each(EXPERIMENTS.map(({ id }) => id))('%s names only columns that it has', (id) => {
  const { columns, factors, tables, figures, claims } = find(id);
  const keys = columns.map(({ key }) => key);
  const named = [
    ...Object.keys(factors),
    ...tables
      .filter(({ from }) => from === undefined)
      .flatMap(({ down, show = [], across }) => [
        ...down,
        ...show,
        ...(across === undefined ? [] : [across.key, across.show]),
      ]),
    ...figures.flatMap((figure) => [
      figure.x.key,
      figure.y.key,
      figure.series.key,
      ...(figure.panelsAcross === undefined ? [] : [figure.panelsAcross]),
      ...(figure.panelsDown === undefined ? [] : [figure.panelsDown]),
    ]),
  ];
  expect(named.filter((key) => !keys.includes(key))).toEqual([]);
  expect(new Set(claims.map((claim) => claim.id)).size).toBe(claims.length);
});

test.each([
  ['smp', 'invalidate'],
  ['smp', 'update'],
  ['cc-numa', 'update'],
  ['ncc-numa', 'none'],
] as const)('a machine %s with coherence %s is found to behave so', (preset, coherence) => {
  const config = presetConfig(preset, { harts: 2, set: { coherence } });
  expect(protocolInForce(config)).toBe(coherence);
});

test('coherence: words are right with every protocol, but for false sharing without coherence', async () => {
  const { rows, claims } = await run('coherence', {});
  expect(claims.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
  for (const row of rows) {
    if (row['protocol'] === 'none' && row['pattern'] === 'false-sharing')
      expect(row['wrong']).toBeGreaterThan(0);
    else expect(row['wrong']).toBe(0);
  }
});

test('coherence: what a machine refuses is not measured, and says why', async () => {
  const { rows, claims } = await run('coherence', { pattern: 'padded', harts: '2', 'tlb.ways': '3' });
  for (const row of rows)
    expect(row).toMatchObject({ cycles: null, notMeasured: expect.stringMatching(/^tlb\.ways: /) });
  expect(new Set(claims.map(({ verdict }) => verdict))).toEqual(new Set(['not-measured']));
});

test('scalability: nothing fails in a small sweep, and one hart is its own measure', async () => {
  const { rows, claims } = await run('scalability', {});
  expect(claims.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
  for (const row of rows) if (row['harts'] === 1) expect(row['speedup']).toBe(1);
});

test.each([
  ['the tables as they are', {}],
  ['another table', { 'timing.hop': '7', 'timing.memory': '61', 'timing.directory': '3' }],
  ['links that are slow to free', { 'timing.linkOccupancy': '19' }],
  ['Dragon', { preset: 'smp,cc-numa', coherence: 'update' }],
])('latency-probe: configured equals measured with %s', async (_, set: Record<string, string>) => {
  const { claims, rows } = await run('latency-probe', set);
  const exact = claims.find(({ id }) => id === 'configured-is-measured');
  expect(exact).toMatchObject({ verdict: 'holds', measured: 0, note: `of ${rows.length} rows` });
});

test.each([
  // Observing its use makes a counter slower than the claim has it.
  ['clustered-counter', ['observing-is-cheap']],
  ['destruction', []],
  ['existence', []],
  ['degrees', []],
  ['multithreading', []],
  // A cache of 32 KiB holds more than one footprint of 8.
  ['aging', []],
  ['procrastination', []],
  ['quiz', []],
  ['footprint', ['one-in-between-is-enough']],
])('%s: in a small sweep every claim is measured, and fails only if %j', async (id, known) => {
  const { claims } = await run(id, {});
  const others = claims.filter((claim) => !known.includes(claim.id));
  expect(others.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  expect(claims.filter(({ verdict }) => verdict === 'not-measured')).toEqual([]);
});

test('cache-aware: the sum of footprints within the last level spares misses', async () => {
  const { rows } = await run('cache-aware', { rounds: '4', quantum: '40000' });
  const [random, rule] = ['random', 'sum-rule'].map((choice) => rows.find((row) => row['choice'] === choice));
  expect(rule?.['missRatio']).toBeLessThan(0.85 * Number(random?.['missRatio']));
  expect(random?.['pipeline']).toBeLessThanOrEqual(1);
});

test('grading: every cell of the table gets a verdict from what was measured', async () => {
  const { rows, claims } = await run('grading', {});
  expect(rows.length).toBeGreaterThan(0);
  for (const { id, verdict, measured } of claims) {
    expect(['holds', 'fails'], id).toContain(verdict);
    expect(measured, id).not.toBeNull();
  }
});
