/** How claims about locks read the rows: one lock's figures over the number of harts. */
import type { Row } from '../framework/experiment.ts';
import { figure, numberIn, pick, type Where } from '../framework/rows.ts';
import type { Point } from '../synchronization/fit.ts';

/** A column over the number of harts, the fewest first. */
export const curve = (rows: readonly Row[], key: string, where: Where, least = 1): readonly Point[] =>
  pick(rows, where)
    .map((row) => ({ x: numberIn(row, 'harts'), y: numberIn(row, key) }))
    .filter(({ x }) => x >= least)
    .toSorted((a, b) => a.x - b.x);

/** `id 12.3, id 4.5, …`: a remark that lists figures. */
export const listed = (values: readonly (readonly [string, number])[]): string =>
  values.map(([name, value]) => `${name} ${value.toFixed(value < 10 ? 2 : 0)}`).join(', ');

/**
 * The fewest harts from which on one lock is never dearer than any of the others; infinite if it is at the last.
 * @param key the column compared
 */
export function bestFrom(
  rows: readonly Row[],
  key: string,
  where: Where,
  winner: string,
  others: readonly string[],
): number {
  const points = curve(rows, key, { ...where, lock: winner });
  const wins = points.map(
    ({ x, y }) => !others.some((lock) => figure(rows, key, { ...where, lock, harts: x }) < y),
  );
  const from = wins.lastIndexOf(false) + 1;
  return points[from]?.x ?? Number.POSITIVE_INFINITY;
}
