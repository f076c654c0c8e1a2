import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ExperimentResult } from '../../../lab/experiments/framework/conduct.ts';
import { eddy, eddyJson } from '../captured-host.ts';

const COUNTER = ['--set', 'machine=butterfly', '--set', 'barrier=sense-reversing'] as const;
const PROBE = ['experiment', 'latency-probe', '--jobs', '1', '--set', 'preset=smp'] as const;

const folder = (): string => mkdtempSync(path.join(tmpdir(), 'eddy-experiment-'));

test('an unknown experiment: status 2, and the nearest', async () => {
  expect(await eddy('experiment', 'latency-prob')).toEqual({
    status: 2,
    output: '',
    errors: "eddy: unknown experiment 'latency-prob'; did you mean 'latency-probe'?\n",
  });
});

test('--json prints the document of the contract', async () => {
  const result = await eddyJson<ExperimentResult>(...PROBE);
  expect(result.status).toBe(0);
  expect(Object.keys(result).toSorted()).toEqual(
    ['claims', 'experiment', 'hostSeconds', 'question', 'rows', 'sources', 'status'].toSorted(),
  );
  for (const claim of result.claims) {
    expect(claim).toMatchObject({
      id: expect.any(String),
      text: expect.any(String),
      band: expect.any(String),
    });
    expect(['holds', 'fails', 'not-measured']).toContain(claim.verdict);
    expect(claim.measured === null).toBe(claim.verdict === 'not-measured');
    if (claim.verdict === 'not-measured') expect(claim.note).toMatch(/./);
  }
});

test('a claim that fails: status 1, and it is printed as failing', async () => {
  const { status, output } = await eddy(...PROBE, '--set', 'timing.memory=40');
  expect(status).toBe(1);
  expect(output).toMatch(/✗ hundred-cycles-to-memory[\s\S]*FAILS: measured 52, wanted ≥ 100/);
});

test('--out writes CSV, JSON and SVG', async () => {
  const out = path.join(folder(), 'new', 'folder');
  const { rows } = await eddyJson<ExperimentResult>(...PROBE, '--out', out);
  expect(readdirSync(out).toSorted()).toEqual([
    'latency-probe-hops.svg',
    'latency-probe.csv',
    'latency-probe.json',
  ]);
  const read = (name: string): string => readFileSync(path.join(out, name), 'utf8');
  expect((JSON.parse(read('latency-probe.json')) as ExperimentResult).rows).toEqual(rows);
  expect(read('latency-probe.csv').trimEnd().split('\r\n')).toHaveLength(rows.length + 1);
});

test('--out that is no folder: status 2', async () => {
  const file = path.join(folder(), 'file');
  writeFileSync(file, '');
  expect((await eddy(...PROBE, '--out', path.join(file, 'below'))).status).toBe(2);
});

test('everything that is drawn fits 80 columns', async () => {
  for (const id of ['coherence', 'scalability', 'latency-probe']) {
    const { output } = await eddy('experiment', id, '--quick', '--jobs', '1');
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  }
});

test('two threads and one give the same rows and verdicts', async () => {
  const on = (jobs: string) =>
    eddyJson<ExperimentResult>('experiment', 'scalability', '--quick', '--jobs', jobs);
  const [one, two] = [await on('1'), await on('2')];
  expect(two.rows).toEqual(one.rows);
  expect(two.claims).toEqual(one.claims);
});

test('--harts is --set harts, and numbers in between are the usual ones', async () => {
  const rowsOf = async (...options: string[]): Promise<unknown> => {
    const { rows } = await eddyJson<ExperimentResult>(
      'experiment',
      'barriers',
      '--quick',
      '--jobs',
      '1',
      ...COUNTER,
      ...options,
    );
    return rows.map((row) => row['harts']);
  };
  expect(await rowsOf('--harts', '2..6,16')).toEqual([2, 3, 4, 6, 16]);
  expect(await rowsOf('--set', 'harts=2,16')).toEqual([2, 16]);
});

test('a row without figures is explained in words', async () => {
  const { output } = await eddy(
    'experiment',
    'locks',
    '--set',
    'machine=cluster',
    '--harts',
    '4',
    '--jobs',
    '1',
  );
  expect(output).toContain('Not measured');
  expect(output.replaceAll(/\s+/g, ' ')).toContain('the nodes of a cluster share none (70 rows)');
});
