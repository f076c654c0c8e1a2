/** How claims pick rows: a row that is missing, or was not measured, makes the claim not measured. */
import type { Row, Value } from './experiment.ts';
import { NotMeasured, REASON } from './not-measured.ts';

export type Where = Readonly<Record<string, Value | readonly Value[]>>;

const matches = (row: Row, where: Where): boolean =>
  Object.entries(where).every(([key, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(row[key]) : row[key] === wanted,
  );

const describe = (where: Where): string =>
  Object.entries(where)
    .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(' or ') : String(value)}`)
    .join(', ');

/**
 * The rows with these values, one at least.
 * @throws NotMeasured when there is none, or one of them could not be measured
 */
export function pick(rows: readonly Row[], where: Where): readonly Row[] {
  const found = rows.filter((row) => matches(row, where));
  if (found.length === 0) throw new NotMeasured(`no row with ${describe(where)} in this sweep`);
  const gap = found.find((row) => typeof row[REASON] === 'string');
  if (gap !== undefined) throw new NotMeasured(String(gap[REASON]));
  return found;
}

/**
 * The number in one column of the one row with these values.
 * @throws NotMeasured as `pick`
 */
export function figure(rows: readonly Row[], key: string, where: Where): number {
  const found = pick(rows, where);
  if (found.length > 1) throw new RangeError(`${found.length} rows with ${describe(where)}`);
  return numberIn(found[0] as Row, key);
}

/** The number in a column of a row. */
export function numberIn(row: Row, key: string): number {
  const value = row[key];
  if (typeof value !== 'number') throw new NotMeasured(`${key} was not measured`);
  return value;
}

/** The different values of a column, in the order of their first row. */
export const valuesOf = (rows: readonly Row[], key: string): Value[] => [
  ...new Set(rows.map((row) => row[key] ?? null)),
];

/** The largest number in a column. */
export const largest = (rows: readonly Row[], key: string): number =>
  Math.max(...rows.flatMap((row) => (typeof row[key] === 'number' ? [row[key]] : [])));

/** The smallest number in a column. */
export const smallest = (rows: readonly Row[], key: string): number =>
  Math.min(...rows.flatMap((row) => (typeof row[key] === 'number' ? [row[key]] : [])));

/** The figure of each machine, of which the one counts that speaks least for a claim. */
export function worstMachine(
  rows: readonly Row[],
  measured: (machine: string) => number,
  worst: (...values: number[]) => number,
): { readonly value: number; readonly note: string } {
  const machines = valuesOf(pick(rows, {}), 'machine').map(String);
  const values = machines.map(measured);
  const note = machines.map((name, index) => `${name} ${(values[index] as number).toFixed(2)}`).join(', ');
  return { value: worst(...values), note };
}
