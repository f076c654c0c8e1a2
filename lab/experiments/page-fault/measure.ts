/** Measures one cell of `page-fault`. */
import type { Cell, Row, Settings } from '../framework/experiment.ts';
import { perOperation, runMicro } from './micro-run.ts';

export function measurePageFault(cell: Cell, settings: Settings): Row {
  const { machine, vm, test, form, harts } = cell as {
    readonly machine: string;
    readonly vm: string;
    readonly test: string;
    readonly form: string;
    readonly harts: number;
  };
  const operations = settings.parameters['operations'] as number;
  const stretches = runMicro(
    { machine, harts, options: { vm }, parameters: { test, form, operations } },
    settings,
  );
  return {
    operations: operations * harts,
    perOperation: perOperation(stretches, operations),
    misses: stretches.reduce((sum, { transactions }) => sum + transactions, 0) / operations / harts,
  };
}
