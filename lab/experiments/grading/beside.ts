/** The notes' table beside the measured one: of each lock a line of what is said, and one for each machine. */
import type { Row } from '../framework/experiment.ts';
import { valuesOf } from '../framework/rows.ts';
import { type Grade, NOTES_TABLE, RESPECTS } from './grades.ts';
import { graded } from './graded.ts';

/** Names of the columns; `one`: whether a release wakes one waiter only. */
export const COLUMNS: readonly string[] = RESPECTS.map((respect) =>
  respect === 'signals one' ? 'one' : respect,
);

/** Lines of the table. A grade that is not the notes' is marked. */
export function besideTheNotes(rows: readonly Row[]): Row[] {
  const machines = valuesOf(rows, 'machine').map(String);
  return Object.entries(NOTES_TABLE).flatMap(([lock, said]) => [
    { lock, ...byRespect((index) => short(said[index] as Grade)) },
    ...machines.map((machine) => ({
      lock: `  on ${machine}`,
      ...byRespect((index, respect) => {
        const { grade } = graded(rows, machine, lock, respect, said[index] as Grade);
        return grade === said[index] ? short(grade) : `${grade}✗`;
      }),
    })),
  ]);
}

/** The table has to fit into 80 columns. */
const short = (grade: Grade): string => (grade === '1 (max 2)' ? '1 to 2' : grade);

const byRespect = (text: (index: number, respect: (typeof RESPECTS)[number]) => string): Row =>
  Object.fromEntries(RESPECTS.map((respect, index) => [COLUMNS[index], text(index, respect)]));
