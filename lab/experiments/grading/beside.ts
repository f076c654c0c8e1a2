/** The notes' table beside the measured one: of each lock a line of what is said, and one for each machine. */
import type { Row } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { valuesOf } from '../framework/rows.ts';
import { type Grade, NOTES_TABLE, RESPECTS } from './grades.ts';
import { graded } from './graded.ts';

/** Names of the columns; `one`: whether a release wakes one waiter only. */
export const COLUMNS: readonly string[] = RESPECTS.map((respect) =>
  respect === 'signals one' ? 'one' : respect,
);

/**
 * Lines of the table. A grade that is not the notes' is marked; what was not measured is a dash.
 * @param own a lock of which the notes say nothing
 */
export function besideTheNotes(rows: readonly Row[], own?: string): Row[] {
  const machines = valuesOf(rows, 'machine').map(String);
  const linesOf = (lock: string, said?: readonly Grade[]): Row[] => [
    { lock, ...byRespect((index) => (said === undefined ? '' : short(said[index] as Grade))) },
    ...machines.map((machine) => ({
      lock: `  on ${machine}`,
      ...byRespect((index, respect) => {
        const grade = gradeOf(() => graded(rows, machine, lock, respect, said?.[index]).grade);
        if (grade === null) return null;
        return said === undefined || grade === said[index] ? short(grade) : `${grade}✗`;
      }),
    })),
  ];
  return [
    ...Object.entries(NOTES_TABLE).flatMap(([lock, said]) => linesOf(lock, said)),
    ...(own === undefined ? [] : linesOf(own)),
  ];
}

/** The table has to fit into 80 columns. */
const short = (grade: Grade): string => (grade === '1 (max 2)' ? '1 to 2' : grade);

/** A grade, or null where a figure that it takes was not measured. */
function gradeOf(measured: () => Grade): Grade | null {
  try {
    return measured();
  } catch (error) {
    if (error instanceof NotMeasured) return null;
    throw error;
  }
}

const byRespect = (text: (index: number, respect: (typeof RESPECTS)[number]) => string | null): Row =>
  Object.fromEntries(RESPECTS.map((respect, index) => [COLUMNS[index], text(index, respect)]));
