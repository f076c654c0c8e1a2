/** A Gantt chart of harts in 80 columns: a line for each, a character for who ran most of a stretch of time. */
import type { Host } from '../cli/host.ts';
import type { GanttReport } from '../report/gantt.ts';
import { paintFor } from './paint.ts';
import { count, fit, heading } from './text.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const IDLE = '·';
const LABEL = 9;
/** Columns of one thread in the legend. */
const ENTRY = 12;

export function drawGantt(report: GanttReport, host: Host): string {
  const { period, harts, threads } = report;
  const paint = paintFor(host);
  const width = host.columns - LABEL;
  const letter = new Map(threads.map((name, index) => [name, LETTERS[index % LETTERS.length] as string]));
  const lines = harts.map(({ hart, slices }) => {
    const cells = Array.from({ length: width }, (_, column) => {
      const [from, to] = [column, column + 1].map((edge) => period.from + (edge * span(report)) / width);
      const ran = new Map<string, number>();
      for (const { name, start, end } of slices) {
        const part = Math.min(end, to as number) - Math.max(start, from as number);
        if (part > 0) ran.set(name, (ran.get(name) ?? 0) + part);
      }
      const busy = [...ran.values()].reduce((sum, part) => sum + part, 0);
      if (2 * busy < (to as number) - (from as number)) return paint.dim(IDLE);
      const [name = ''] = [...ran].reduce((most, next) => (next[1] > most[1] ? next : most));
      return letter.get(name) ?? IDLE;
    });
    return `${fit(`hart ${hart}`, LABEL)}${cells.join('')}\n`;
  });
  const ends = [count(period.from), count(period.to)] as const;
  const axis = `${' '.repeat(LABEL)}${ends[0]}${ends[1].padStart(width - ends[0].length)}\n`;
  return [
    heading('who ran where', host.columns, paint),
    ...lines,
    paint.dim(axis),
    legend(threads, letter, host.columns),
  ].join('');
}

function legend(threads: readonly string[], letter: ReadonlyMap<string, string>, columns: number): string {
  const perLine = Math.floor(columns / ENTRY);
  const entries = [...threads.map((name) => `${letter.get(name)} ${name}`), `${IDLE} idle`];
  const lines: string[] = [];
  for (let at = 0; at < entries.length; at += perLine)
    lines.push(
      entries
        .slice(at, at + perLine)
        .map((entry) => fit(entry, ENTRY))
        .join('')
        .trimEnd(),
    );
  return `${lines.join('\n')}\n`;
}

const span = ({ period }: GanttReport): number => Math.max(1, period.to - period.from);
