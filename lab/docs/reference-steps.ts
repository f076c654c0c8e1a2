import { STEPS } from '../../kernel/steps.ts';
import { page, table } from './markdown.ts';

/** docs/reference/steps.md: the names that traces give to what the kernel does. */
export function renderSteps(): string {
  return page(
    'Steps of the kernel',
    'A step is a procedure call with a name. Traces show it as a span, with its cycles and misses and the object whose ' +
      'method it is.',
    table(
      ['step', 'kind', 'what it does'],
      STEPS.filter((row) => row.id > 0).map((row) => [row.name, row.kind, row.summary]),
    ),
  );
}
