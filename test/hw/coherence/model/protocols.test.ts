/** The protocol tables, driven through every state of small machines. */
import { describe, expect, test } from 'vitest';
import { PROTOCOLS, SIZES } from './protocols.ts';
import { reach } from './reach.ts';
import { Table } from './table.ts';

describe.each(PROTOCOLS)('$name', ({ rows }) => {
  test.each(SIZES)('keeps one writer or many readers, and the latest data: %o', (size) => {
    const { states, flaw } = reach(new Table(rows), size);
    expect(flaw).toBeUndefined();
    expect(states).toBeGreaterThan(5);
  });

  test.each(SIZES)('reaches every row but those that say they cannot be: %o', (size) => {
    const table = new Table(rows);
    reach(table, size);
    expect(table.unreached()).toEqual(table.declaredImpossible());
  });

  test('has the same states each time', () => {
    const states = () => SIZES.map((size) => reach(new Table(rows), size).states);
    expect(states()).toEqual(states());
  });
});
