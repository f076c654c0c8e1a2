import { COUNTERS } from '../../hw/counters.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/counters.md: what the machine counts. */
export function renderCounters(): string {
  return page(
    'Counters',
    'Every hart has all of them. `eddy run --json` gives the sums as `counters` and each hart’s own as `perHart`.',
    table(
      ['counter', 'unit', 'what it counts'],
      COUNTERS.map((row) => [code(row.name), row.unit, row.summary]),
    ),
  );
}
