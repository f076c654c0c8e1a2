/** Rows as comma-separated values (RFC 4180), one column per column of the experiment. */
import type { Experiment, Row, Value } from '../framework/experiment.ts';
import { REASON } from '../framework/not-measured.ts';

export function toCsv(experiment: Experiment, rows: readonly Row[]): string {
  const keys = [...experiment.columns.map(({ key }) => key), REASON];
  const lines = [keys, ...rows.map((row) => keys.map((key) => row[key] ?? null))];
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

function field(value: Value): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
