/** The cells of a sweep, and the rows of a cell. */
import type { Cell, Experiment, Row, Settings } from './experiment.ts';
import { NotMeasured, REASON } from './not-measured.ts';

/** Every combination of the factors' values that makes sense, the last factor changing fastest. */
export function cellsOf(experiment: Experiment, settings: Settings): Cell[] {
  let cells: Cell[] = [{}];
  for (const name of Object.keys(experiment.factors)) {
    const values = settings.factors[name] ?? [];
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })));
  }
  return cells.filter((cell) => experiment.includes?.(cell, settings) ?? true);
}

/** Measures one cell. What this build cannot measure gives a row that says why. */
export function measureCell(experiment: Experiment, cell: Cell, settings: Settings): Row[] {
  try {
    const rows = [experiment.measure(cell, settings)].flat() as Row[];
    return rows.map((row) => complete(experiment, { ...cell, ...row }));
  } catch (error) {
    if (!(error instanceof NotMeasured)) throw error;
    return [complete(experiment, { ...cell, [REASON]: error.message })];
  }
}

/** A row with all columns, in their order; null where there is no figure. */
function complete(experiment: Experiment, row: Row): Row {
  const full: Record<string, Row[string]> = {};
  for (const { key } of experiment.columns) full[key] = row[key] ?? null;
  if (row[REASON] !== undefined) full[REASON] = row[REASON];
  return full;
}
