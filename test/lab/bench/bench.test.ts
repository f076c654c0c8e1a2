import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchResult } from '../../../lab/bench/bench-command.ts';
import { EXACT_WORKLOADS } from '../../../lab/bench/exact-workloads.ts';
import { WORKLOADS } from '../../../lab/bench/workloads.ts';
import { eddy, type Finished } from '../captured-host.ts';

const folder = mkdtempSync(join(tmpdir(), 'eddy-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
/** An earlier result in which two workloads cost so many bare resumes. */
const earlier = (costRatio: number) => ({
  quick: true,
  bareResumeNs: 10,
  workloads: [
    { id: 'private', harts: 1, costRatio },
    { id: 'mix', harts: 64, costRatio },
  ],
  faultsPerSecond: 1,
  schedulesPerSecond: null,
});

let finished: Finished;
let result: BenchResult;
beforeAll(async () => {
  finished = await eddy('bench', '--quick', '--json', '--against', file('fast.json', earlier(0.01)));
  result = JSON.parse(finished.output) as BenchResult;
});

describe('eddy bench --json', () => {
  test('has the fields of the contract', () => {
    expect(result.bareResumeNs).toBeGreaterThan(0);
    expect(result.workloads.map(({ id, harts }) => `${id} ${harts}`)).toEqual([
      ...WORKLOADS.flatMap(({ id }) => [1, 16, 64, 256, 1024].map((harts) => `${id} ${harts}`)),
      ...EXACT_WORKLOADS.flatMap(({ id }) => [4, 16, 64].map((harts) => `${id} ${harts}`)),
    ]);
    for (const { instructions, instructionsPerSecond, costRatio } of result.workloads) {
      expect(instructions).toBeGreaterThan(10_000);
      expect(instructionsPerSecond).toBeGreaterThan(0);
      expect(costRatio).toBeCloseTo(1e9 / instructionsPerSecond / result.bareResumeNs, 3);
    }
    expect(result.faultsPerSecond).toBeGreaterThan(0);
    expect(result.schedulesPerSecond).toBeGreaterThan(0);
    expect(result.peakRssMiB).toBeGreaterThan(0);
  });

  test('says how many thousand accesses the exactly defined workloads make, and how many of them miss', () => {
    for (const one of result.workloads.filter(({ id }) => id === 'mix' || id === 'lock')) {
      expect(one).toHaveProperty('thousandAccessesPerSecond', Math.round(one.instructionsPerSecond / 1000));
      const missRatio = 'missRatio' in one ? one.missRatio : Number.NaN;
      if (one.id === 'lock') expect(missRatio).toBeGreaterThan(0.75);
      else expect(missRatio).toBeLessThan(0.75);
    }
  });

  test('says what idle harts cost, and the host memory of the largest machine', () => {
    const { crowd, footprint } = result;
    expect(crowd.harts).toBe(1024);
    expect(crowd.ratio).toBeCloseTo(crowd.spinningSeconds / crowd.haltedSeconds, 6);
    expect(footprint).toMatchObject({ harts: 1024, kibibytesPerHart: 4 });
    expect(footprint.peakRssMiB).toBeGreaterThan(32);
    expect(footprint.peakRssMiB).toBeLessThan(1536);
  });
});

describe('eddy bench --against', () => {
  test('ends with status 1 when something has become twice as bad', () => {
    const { against } = result;
    expect(finished.status).toBe(1);
    expect(against?.file).toBe(join(folder, 'fast.json'));
    expect(against?.figures.map(({ figure }) => figure)).toEqual(['private 1', 'mix 64', 'page fault']);
    expect(against?.regressions).toEqual(['private 1', 'mix 64']);
    for (const { before, now, ratio } of against?.figures ?? []) expect(ratio).toBeCloseTo(now / before, 6);
  });

  test('is content when nothing has', async () => {
    const { status, output } = await eddy('bench', '--quick', '--against', file('slow.json', earlier(1e6)));
    expect(output).toContain('instructions/s');
    expect(output).toContain('a bare generator resume');
    expect(output).toContain('now / before');
    expect(output).toContain('nothing costs 2 times what it did');
    expect(status).toBe(0);
  });

  test.each([
    ['not JSON', 'hello', 'Unexpected token'],
    ['no result', '{"workloads": 3}', 'this is no result of eddy bench --json'],
    ['nothing', 'null', 'this is no result of eddy bench --json'],
    [
      'a full result',
      '{"quick": false, "bareResumeNs": 1, "workloads": []}',
      'it was measured without --quick',
    ],
  ])('refuses %s', async (_, content, says) => {
    const path = file('bad.json', content);
    const { status, output, errors } = await eddy('bench', '--quick', '--against', path);
    expect(errors).toContain(`eddy: --against ${path}: `);
    expect(errors).toContain(says);
    expect(errors).toMatch(/^[^\n]*\n$/);
    expect(output).toBe('');
    expect(status).toBe(2);
  });

  test('refuses a file that is not there', async () => {
    const { status, errors } = await eddy('bench', '--against', '/no/such');
    expect(errors).toBe('eddy: --against /no/such: no such file\n');
    expect(status).toBe(2);
  });
});
