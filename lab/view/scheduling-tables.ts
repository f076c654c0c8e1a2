/** The figures of merit of scheduling in 80 columns. */
import Table from 'cli-table3';
import type { Host } from '../cli/host.ts';
import type { Merits, Times } from '../report/merits.ts';
import { paintFor } from './paint.ts';
import { tableStyle } from './table-style.ts';
import { count, heading, percent } from './text.ts';

/** Threads that are listed; the slowest first. */
const MOST_THREADS = 16;

export function drawMerits(merits: Merits, host: Host): string {
  const paint = paintFor(host);
  const { period } = merits;
  return [
    heading(`scheduling, cycles ${count(period.from)} to ${count(period.to)}`, host.columns, paint),
    drawFigures(merits, host),
    drawTimes(merits, host),
    drawThreads(merits, host),
  ].join('');
}

function drawFigures(merits: Merits, host: Host): string {
  const table = new Table({
    ...tableStyle(host),
    head: ['figure of merit', ''],
    colAligns: ['left', 'right'],
  });
  const misses = (value: number | null): string => (value === null ? '–' : value.toFixed(1));
  table.push(
    ['jobs', count(merits.jobs)],
    ['throughput, jobs in a million cycles', merits.throughput.toFixed(1)],
    ['utilisation of the harts', percent(merits.utilisation, 1)],
    ['slices', count(merits.slices)],
    ['… that begin on another hart than the last', count(merits.migrations)],
    ['misses of a slice', misses(merits.missesPerSlice)],
    ['… on another hart', misses(merits.missesMoved)],
    ['… on the same hart', misses(merits.missesStayed)],
    ['misses for each job', misses(merits.missesPerJob)],
    ['cycles that memory took, in a slice', count(merits.stallPerSlice)],
  );
  return `${table.toString()}\n`;
}

function drawTimes({ response, waiting }: Merits, host: Host): string {
  if (response === null || waiting === null) return '';
  const table = new Table({
    ...tableStyle(host),
    head: ['cycles', 'mean', 'deviation', '50 %', '90 %', '99 %', 'most'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  const row = (name: string, times: Times): string[] => [
    name,
    count(times.mean),
    count(Math.sqrt(times.variance)),
    ...[times.p50, times.p90, times.p99, times.most].map(count),
  ];
  table.push(row('response time', response), row('… until it is begun', waiting));
  return `${table.toString()}\n`;
}

function drawThreads({ threads, period }: Merits, host: Host): string {
  const table = new Table({
    ...tableStyle(host),
    head: ['thread', 'jobs', 'response', 'slices', 'migrations', 'ran'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
  });
  const slowest = threads.toSorted((a, b) => (b.response ?? -1) - (a.response ?? -1));
  for (const thread of slowest.slice(0, MOST_THREADS)) {
    const { process, thread: number, jobs, response, slices, migrations, ran } = thread;
    table.push([
      `${process}.${number}`,
      count(jobs),
      response === null ? '–' : count(response),
      count(slices),
      count(migrations),
      percent(ran, period.to - period.from),
    ]);
  }
  const more = threads.length - MOST_THREADS;
  return `${table.toString()}\n${more > 0 ? `and ${more} more threads\n` : ''}`;
}
