/** A lock graded by what was measured of it, in one respect of the notes' table. */
import type { Row } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { numberIn, pick } from '../framework/rows.ts';
import { type Grade, level, NOTES_TABLE, type Respect, rmwLevel, spaceLevel } from './grades.ts';

/** The row of a lock on a machine. */
const rowOf = (rows: readonly Row[], machine: string, lock: string): Row => {
  const [row] = pick(rows, { machine, lock });
  if (row === undefined) throw new NotMeasured(`no row of ${lock}`);
  return row;
};

const leastOf = (rows: readonly Row[], machine: string, key: string): number =>
  Math.min(...Object.keys(NOTES_TABLE).map((lock) => numberIn(rowOf(rows, machine, lock), key)));

/** The grade that the measured figures give, and what they are. `said`: what the notes say, if they do. */
export function graded(
  rows: readonly Row[],
  machine: string,
  lock: string,
  respect: Respect,
  said: Grade | undefined,
): { grade: Grade; figure: string } {
  const row = rowOf(rows, machine, lock);
  const beside = (key: string): { grade: Grade; figure: string } => {
    const [value, least] = [numberIn(row, key), leastOf(rows, machine, key)];
    return {
      grade: level(value, least),
      figure: `${value.toFixed(0)} cycles, the least ${least.toFixed(0)}`,
    };
  };
  switch (respect) {
    case 'latency':
      return beside('latency');
    case 'contention':
      return beside('contention');
    case 'fair':
      return { grade: row['fair'] === true ? 'yes' : 'no', figure: 'order of asking' };
    case 'spin':
      return { grade: row['spin'] as Grade, figure: 'words looked at' };
    case 'rmw': {
      const value = numberIn(row, 'rmw');
      const grade = rmwLevel(value, said, leastOf(rows, machine, 'rmw'));
      return { grade, figure: `${value.toFixed(2)} per section` };
    }
    case 'space':
      return {
        grade: spaceLevel(row['grows'] === true, numberIn(row, 'node')),
        figure: `${numberIn(row, 'space')} bytes in all`,
      };
    case 'signals one': {
      const woken = numberIn(row, 'woken');
      return { grade: woken === 1 ? 'yes' : 'no', figure: `${woken} went to memory` };
    }
  }
}
