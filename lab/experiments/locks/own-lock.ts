/** The experiment `locks` with a lock of the user's own: what is claimed of it is what it promises itself. */
import type { OwnKind } from '../../load/load-kind.ts';
import type { Claim, Experiment } from '../framework/experiment.ts';
import { never, withOwnKind } from '../framework/own-kind.ts';
import { numberIn, pick } from '../framework/rows.ts';
import { measureLock } from './measure.ts';

export const ownLock = (experiment: Experiment, own: OwnKind<'lock'>): Experiment =>
  withOwnKind(experiment, 'lock', own, {
    measure: (cell, settings) => measureLock(cell, settings, own.kind),
    claims: claimsOf(own),
  });

function claimsOf({ kind: { id, fifo }, name }: OwnKind<'lock'>): Claim[] {
  const exclusion = never(
    'own-exclusion',
    `${id}: critical sections that began before the last one had ended.`,
    name,
    (rows) =>
      pick(rows, { measure: 'contest', lock: id }).reduce((sum, row) => sum + numberIn(row, 'overlaps'), 0),
  );
  const order = never(
    'own-fifo',
    `${id} says it is first come, first served: runs in which it did not serve in the order of asking.`,
    name,
    (rows) => pick(rows, { measure: 'release', lock: id }).filter((row) => row['inOrder'] === false).length,
  );
  return fifo ? [exclusion, order] : [exclusion];
}
