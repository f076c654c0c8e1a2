/** The measured rows as a table for a terminal: schedules until each bug showed. */
import Table from 'cli-table3';
import type { Host } from '../../../lab/cli/host.ts';
import { tableStyle } from '../../../lab/view/table-style.ts';
import { count } from '../../../lab/view/text.ts';
import type { Measured } from './measure.ts';
import { WAYS } from './searches.ts';

/** Names that leave room for all columns in 80. */
const SHORT: Readonly<Record<string, string>> = { 'depth-first': 'plain', 'round-robin': 'robin' };

/** How many schedules a search needed; a dash where it was not made, `>` where it found nothing. */
export function schedulesOf(row: Measured | undefined): string {
  if (row === undefined) return '–';
  return row.preemptions === null ? `> ${count(row.schedules)}` : count(row.schedules);
}

export function drawTable(rows: readonly Measured[], host: Host): string {
  const faulty = rows.filter(({ form }) => form === 'faulty');
  const table = new Table({
    head: ['bug', ...WAYS.map(({ id }) => SHORT[id] ?? id)],
    colAligns: ['left', ...WAYS.map(() => 'right' as const)],
    ...tableStyle(host),
  });
  for (const bug of new Set(faulty.map((row) => row.bug))) {
    const of = (strategy: string): Measured | undefined =>
      faulty.find((row) => row.bug === bug && row.strategy === strategy);
    table.push([bug, ...WAYS.map(({ id }) => schedulesOf(of(id)))]);
  }
  const flagged = rows.filter(({ form, preemptions }) => form === 'correct' && preemptions !== null);
  const twins = flagged.length === 0 ? 'nothing broke in the correct twins' : `FLAGGED: ${names(flagged)}`;
  return `${table.toString()}\nschedules until the bug showed; >: it did not in so many; ${twins}\n`;
}

const names = (rows: readonly Measured[]): string =>
  rows.map(({ bug, strategy }) => `${bug} by ${strategy}`).join(', ');
