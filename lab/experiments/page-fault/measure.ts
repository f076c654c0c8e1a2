/** Measures one cell of `page-fault`. */
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { NotMeasured } from '../framework/not-measured.ts';
import { perOperation, runMicro } from './micro-run.ts';

/** Workers that use files at most: with twice as many, not all get an E-stack of the servers, which have 32 each. */
const MOST_WITH_FILES = 16;

/** @throws NotMeasured for fstat by more workers than the servers can take */
export function measurePageFault(cell: Cell, settings: Settings): Row {
  const { machine, vm, test, form, harts } = cell as {
    readonly machine: string;
    readonly vm: string;
    readonly test: string;
    readonly form: string;
    readonly harts: number;
  };
  const files = test === 'fstat';
  if (files && harts > MOST_WITH_FILES)
    throw new NotMeasured(
      `fstat is measured for ${MOST_WITH_FILES} workers at most: more run out of E-stacks`,
    );
  const operations = settings.parameters['operations'] as number;
  const stretches = runMicro(
    { machine, harts, options: { vm }, parameters: { test, form, operations }, files },
    settings,
  );
  return {
    operations: operations * harts,
    perOperation: perOperation(stretches, operations),
    misses: stretches.reduce((sum, { transactions }) => sum + transactions, 0) / operations / harts,
  };
}
