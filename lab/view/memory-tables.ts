/** The report on memory in 80 columns: misses by kind, fills by source, traffic, the hottest lines. */
import Table from 'cli-table3';
import { MISS_KINDS, type MissKindName } from '../../hw/cache/miss-kinds.ts';
import type { TrafficRow } from '../../hw/interconnect/traffic.ts';
import type { Host } from '../cli/host.ts';
import { FILLS } from '../report/fills.ts';
import type { HotLineReport, MemoryReport } from '../report/memory-report.ts';
import { type Paint, paintFor } from './paint.ts';
import { tableStyle } from './table-style.ts';
import { bar, count, fit, heading, percent } from './text.ts';

const KIND_TEXTS: Readonly<Record<MissKindName, string>> = {
  cold: 'cold',
  capacity: 'capacity',
  conflict: 'conflict',
  trueSharing: 'true sharing',
  falseSharing: 'false sharing',
};
const BAR = 24;
/** Parts of the interconnect that are shown: those that were waited for most. */
const BUSIEST = 12;

/** @param cycles how long the run took; @param hartsPerCore to say who shares a line */
export function drawMemory(report: MemoryReport, cycles: number, hartsPerCore: number, host: Host): string {
  const paint = paintFor(host);
  const head = (title: string): string => heading(title, host.columns, paint);
  return [
    head('why accesses missed'),
    drawMisses(report, host, paint),
    head('where the lines came from'),
    drawFills(report, host),
    head('traffic'),
    drawTraffic(report.traffic, cycles, host, paint),
    head('the hottest lines'),
    drawLines(report.hotLines, hartsPerCore === 1 ? 'hart' : 'core', host, paint),
  ].join('');
}

function drawMisses({ misses }: MemoryReport, host: Host, paint: Paint): string {
  const table = new Table({
    ...tableStyle(host),
    head: ['first-level misses', 'count', 'share', ''],
    colAligns: ['left', 'right', 'right', 'left'],
  });
  for (const { name } of MISS_KINDS) {
    const drawn = paint.dim(bar(misses[name] / Math.max(1, misses.total), BAR));
    table.push([KIND_TEXTS[name], count(misses[name]), percent(misses[name], misses.total), drawn]);
  }
  table.push(['all', count(misses.total), percent(misses.total, misses.total), '']);
  return `${table.toString()}\n`;
}

function drawFills({ fills }: MemoryReport, host: Host): string {
  const table = new Table({
    ...tableStyle(host),
    head: ['source', 'count'],
    colAligns: ['left', 'right'],
  });
  for (const { id, text } of FILLS) if (fills[id] > 0) table.push([text, count(fills[id])]);
  return `${table.toString()}\n`;
}

function drawTraffic(rows: readonly TrafficRow[], cycles: number, host: Host, paint: Paint): string {
  const table = new Table({
    ...tableStyle(host),
    head: ['part', 'transactions', 'busy', 'cycles waited', 'each'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  const busiest = rows
    .toSorted((a, b) => b.waitingCycles - a.waitingCycles || b.busyCycles - a.busyCycles)
    .slice(0, BUSIEST);
  for (const row of busiest) {
    const each = (row.waitingCycles / row.transactions).toFixed(1);
    table.push([
      row.name,
      count(row.transactions),
      percent(row.busyCycles, cycles),
      count(row.waitingCycles),
      each,
    ]);
  }
  const more = rows.length - busiest.length;
  return `${table.toString()}\n${more > 0 ? paint.dim(`and ${more} more that were waited for less\n`) : ''}`;
}

function drawLines(lines: readonly HotLineReport[], noun: string, host: Host, paint: Paint): string {
  if (lines.length === 0) return 'nothing missed\n';
  return lines
    .map((line, index) => {
      const misses = `${count(line.misses)} miss${line.misses === 1 ? '' : 'es'}`;
      const rank = `${index + 1}`.padStart(2);
      const name = fit(line.name, host.columns - rank.length - misses.length - 3);
      const detail = fit(`${kindsOf(line)}; ${sharersOf(line, noun)}`, host.columns - 4).trimEnd();
      return `${rank}  ${paint.name(name)} ${paint.number(misses)}\n    ${paint.dim(detail)}\n`;
    })
    .join('');
}

/** The kinds that count: the first two, with what part of the misses they are. */
function kindsOf({ misses, byKind }: HotLineReport): string {
  return MISS_KINDS.map(({ name }) => ({ text: KIND_TEXTS[name], share: byKind[name] / misses }))
    .filter(({ share }) => share >= 0.01)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, 2)
    .map(({ text, share }) => `${Math.round(100 * share)}% ${text}`)
    .join(', ');
}

function sharersOf({ cores, writers, invalidations }: HotLineReport, noun: string): string {
  const users = `${noun}${cores.length === 1 ? '' : 's'} ${ranges(cores)}`;
  const lost = invalidations === 0 ? '' : `${count(invalidations)} lost; `;
  if (writers.length === cores.length) return `${lost}written by ${users}`;
  return `${lost}used by ${users}${writers.length === 0 ? '' : `, written by ${ranges(writers)}`}`;
}

/** Numbers in rising order as ranges: `0-3, 7`. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < numbers.length; index++) {
    const first = numbers[index] as number;
    while (numbers[index + 1] === (numbers[index] as number) + 1) index++;
    const last = numbers[index] as number;
    parts.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return parts.join(', ');
}
