/** `eddy run --report scheduling,gantt`: figures of merit of slices that are known, of a run, and the charts. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type GanttReport, ganttOf, ganttSvg } from '../../../lab/report/gantt.ts';
import { type Merits, meritsOf, timesOf } from '../../../lab/report/merits.ts';
import type { Job, Slice } from '../../../lab/report/slices.ts';
import type { RunResult } from '../../../lab/run/result.ts';
import { drawGantt } from '../../../lab/view/gantt.ts';
import { drawMerits } from '../../../lab/view/scheduling-tables.ts';
import { CapturedHost, eddy, eddyJson } from '../captured-host.ts';

const slice = (hart: number, thread: number, start: number, end: number, misses = 0): Slice => ({
  hart,
  process: 1,
  thread,
  start,
  end,
  misses,
  stall: 10 * misses,
});
const job = (thread: number, ready: number, begun: number, ended: number): Job => ({
  process: 1,
  thread,
  hart: 0,
  ready,
  begun,
  ended,
});

describe('figures of merit', () => {
  const slices = [
    slice(0, 1, 0, 100, 9),
    slice(1, 2, 0, 50),
    slice(1, 1, 200, 300, 4),
    slice(1, 2, 300, 400, 2),
  ];
  const jobs = [job(1, -50, 0, 90), job(1, 150, 200, 300), job(2, 250, 300, 390)];
  const merits = meritsOf({ slices, jobs, period: { from: 100, to: 400 }, harts: 2 });

  test('of slices and jobs that are known', () => {
    expect(merits).toMatchObject({
      jobs: 2,
      slices: 2,
      migrations: 1,
      utilisation: 200 / 600,
      missesPerSlice: 3,
      missesMoved: 4,
      missesStayed: 2,
      stallPerSlice: 30,
      missesPerJob: 3,
    });
    expect(merits.throughput).toBeCloseTo((1e6 * 2) / 300, 6);
    expect(merits.response).toMatchObject({ mean: 145, variance: 25, p50: 140, p90: 150, most: 150 });
    expect(merits.waiting).toMatchObject({ mean: 50, variance: 0 });
    expect(merits.threads.map(({ thread, migrations, ran }) => [thread, migrations, ran])).toEqual([
      [1, 1, 100],
      [2, 0, 100],
    ]);
  });

  test('of nothing are no numbers', () => {
    const none = meritsOf({ slices: [], jobs: [], period: { from: 0, to: 0 }, harts: 1 });
    expect(none).toMatchObject({ response: null, missesMoved: null, missesPerJob: null, utilisation: 0 });
    expect(drawMerits(none, new CapturedHost())).toContain('–');
    expect(timesOf([])).toBeNull();
    expect(timesOf([...Array(100).keys()])).toMatchObject({ p50: 49, p90: 89, p99: 98, most: 99 });
  });

  test('as a chart have a line for each hart, the thread that ran most, and dots for idle harts', () => {
    const gantt = ganttOf(slices, { from: 0, to: 400 }, 2);
    const lines = drawGantt(gantt, new CapturedHost()).split('\n');
    const [first = '', second = ''] = lines.filter((line) => line.startsWith('hart'));
    expect(first).toMatch(/^hart 0 {3}A{17,18}·+$/);
    expect(second).toMatch(/^hart 1 {3}B+·+A+B+$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const svg = ganttSvg(gantt, 'a <load>');
    expect(svg.match(/<rect /g)).toHaveLength(5);
    expect(svg).toContain('a &lt;load&gt;');
    expect(svg).toBe(ganttSvg(gantt, 'a <load>'));
  });
});

const ARGS = [
  'run',
  'load',
  '--harts',
  '4',
  '--set',
  'cycles=100000',
  '--report',
  'scheduling,gantt',
] as const;

test('of a run agree with what the program says, and with each other', async () => {
  const result = await eddyJson<RunResult>(...ARGS);
  const { scheduling, gantt } = result.report as { scheduling: Merits; gantt: GanttReport };
  const [, all = '0'] = /ok (\d+) jobs/.exec(result.output[0] ?? '') ?? [];
  expect(scheduling.jobs).toBeGreaterThan(0);
  expect(scheduling.jobs).toBeLessThanOrEqual(Number(all));
  expect(scheduling.threads.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(scheduling.jobs);
  expect(scheduling.utilisation).toBeGreaterThan(0.2);
  expect(scheduling.utilisation).toBeLessThanOrEqual(1);
  expect(gantt.threads.length).toBeGreaterThanOrEqual(8);
  for (const { slices } of gantt.harts) {
    const overlaps = slices.filter(({ start }, index) => start < (slices[index - 1]?.end ?? 0));
    expect(overlaps).toEqual([]);
  }
});

test('are drawn, and written into a folder', async () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'eddy-')), 'new');
  const { status, output } = await eddy(...ARGS, '--out', folder);
  expect(status).toBe(0);
  expect(output).toMatch(/throughput, jobs in a million cycles/);
  expect(output).toMatch(/^hart 3 {3}/m);
  const rows = (name: string): string[] => readFileSync(path.join(folder, name), 'utf8').split('\r\n');
  expect(rows('jobs.csv')[0]).toBe('process,thread,hart,ready,begun,ended');
  expect(rows('slices.csv').length).toBeGreaterThan(10);
  expect(readFileSync(path.join(folder, 'gantt.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
});

test('--out without a report that has files is refused', async () => {
  expect(await eddy('run', 'hello', '--report', 'memory', '--out', 'somewhere')).toEqual({
    status: 2,
    output: '',
    errors: 'eddy: --out somewhere: reports with files are --report scheduling,gantt\n',
  });
});
