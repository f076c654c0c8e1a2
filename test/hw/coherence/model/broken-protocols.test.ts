/** A search that finds nothing wrong with a right protocol must find what is wrong with a wrong one. */
import { expect, test } from 'vitest';
import { BROKEN_PROTOCOLS } from './broken-protocols.ts';
import { SIZES } from './protocols.ts';
import { reach } from './reach.ts';
import { Table } from './table.ts';

const flaws = (rows: ConstructorParameters<typeof Table>[0]): string[] =>
  SIZES.flatMap((size) => reach(new Table(rows), size).flaw ?? []);

test.each(BROKEN_PROTOCOLS)('$name: it is found', ({ rows, flaw }) => {
  const [first = 'no flaw was found'] = flaws(rows);
  expect(first).toMatch(flaw);
});

test('the way to a flaw is the shortest', () => {
  const unsupplied = BROKEN_PROTOCOLS.find(({ name }) => name === 'MESI: a dirty line is not supplied');
  expect(flaws(unsupplied?.rows ?? [])[0]).toBe('0 writes 0, 1 reads 0: a copy of line 0 is stale');
});
