/**
 * A kind of the user's own as a further value of a factor. What is claimed of ours is judged without its rows; of
 * the own kind it is claimed that it works.
 */
import { formatLocation } from '../../load/location.ts';
import type { OwnKind, Sort } from '../../load/load-kind.ts';
import { exactly } from './band.ts';
import type { Cell, Claim, Experiment, Row, Settings } from './experiment.ts';
import { NotMeasured, REASON } from './not-measured.ts';

/** What an experiment says about an own kind: how it is measured, what is claimed, and what else changes. */
export interface OwnPart extends Partial<Pick<Experiment, 'includes' | 'tables'>> {
  readonly measure: (cell: Cell, settings: Settings) => Row;
  readonly claims?: readonly Claim[];
}

export function withOwnKind<S extends Sort>(
  experiment: Experiment,
  sort: S,
  { kind: { id }, name, locate }: OwnKind<S>,
  { measure, claims = [], ...changes }: OwnPart,
): Experiment {
  const factor = experiment.factors[sort];
  if (factor === undefined) throw new RangeError(`${experiment.id} has no factor ${sort}`);
  const failed = `${id} failed: `;
  const describe = (thrown: unknown): string => {
    const { message, cause = thrown } = thrown as Error;
    const place = locate(cause);
    return `${place === undefined ? '' : `${formatLocation(place)} `}${message}`;
  };
  const isOwn = (row: Row | Cell): boolean => row[sort] === id;
  return {
    ...experiment,
    ...changes,
    own: { ...experiment.own, [sort]: id },
    factors: {
      ...experiment.factors,
      [sort]: { ...factor, values: [...factor.values, id], quick: [...factor.quick, id] },
    },
    measure: (cell, settings) => {
      if (!isOwn(cell)) return experiment.measure(cell, settings);
      try {
        return measure(cell, settings);
      } catch (error) {
        if (error instanceof NotMeasured) throw error;
        throw new NotMeasured(`${failed}${describe(error)}`);
      }
    },
    claims: [
      ...experiment.claims.map((claim) => ({
        ...claim,
        measured: (rows: readonly Row[]) => claim.measured(rows.filter((row) => !isOwn(row))),
      })),
      never(
        'own-ends',
        `${id}: measurements that it did not get through.`,
        name,
        (rows) => rows.filter((row) => isOwn(row) && String(row[REASON]).startsWith(failed)).length,
      ),
      ...claims,
    ],
  };
}

/** A claim about an own kind: that something never happened. `source` is its file. */
export const never = (
  id: string,
  text: string,
  source: string,
  count: (rows: readonly Row[]) => number,
): Claim => ({ id, text, source, paper: null, band: exactly(0), measured: count });
