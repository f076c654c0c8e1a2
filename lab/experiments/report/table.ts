/** A table of rows, or of one figure spread over the values of a factor. */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Host } from '../../cli/host.ts';
import { tableStyle } from '../../view/table-style.ts';
import type { Experiment, Row, TableView, Value } from '../framework/experiment.ts';
import { valuesOf } from '../framework/rows.ts';
import { valueText } from './values.ts';

export function drawTable(
  experiment: Experiment,
  view: TableView,
  measured: readonly Row[],
  host: Host,
): string {
  const rows = view.from?.(measured) ?? measured;
  const shown = rows.filter((row) => view.where?.(row, rows) ?? true);
  const { head, lines } = view.across === undefined ? plain(view, shown) : spread(view, view.across, shown);
  const columnOf = (key: string) => experiment.columns.find((column) => column.key === key);
  const texts = lines.map((line) => line.map(({ key, value }) => valueText(value, columnOf(key))));
  const body = withoutRepeats(texts, view.down.length);
  const alignment = head.map((_, index) =>
    lines.some((line) => typeof line[index]?.value === 'number') ? ('right' as const) : ('left' as const),
  );
  const style = tableStyle(host);
  const draw = (padding: object): string => {
    const look = { ...style, style: { ...style.style, ...padding } };
    const table = new Table({ head: [...head], colAligns: alignment, ...look });
    table.push(...body);
    return table.toString();
  };
  const roomy = draw({});
  const fits = roomy.split('\n').every((line) => stripVTControlCharacters(line).length <= host.columns);
  return fits ? roomy : draw({ 'padding-left': 0 });
}

interface Entry {
  readonly key: string;
  readonly value: Row[string] | undefined;
}

interface Content {
  readonly head: readonly string[];
  readonly lines: readonly (readonly Entry[])[];
}

function plain(view: TableView, rows: readonly Row[]): Content {
  const keys = [...view.down, ...(view.show ?? [])];
  return { head: keys, lines: rows.map((row) => keys.map((key) => ({ key, value: row[key] }))) };
}

function spread(view: TableView, across: { key: string; show: string }, rows: readonly Row[]): Content {
  const values = valuesOf(rows, across.key).toSorted(byNumber);
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = JSON.stringify(view.down.map((key) => row[key]));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const lines = [...groups.values()].map((group) => [
    ...view.down.map((key) => ({ key, value: (group[0] as Row)[key] })),
    ...values.map((value) => ({
      key: across.show,
      value: group.find((row) => row[across.key] === value)?.[across.show],
    })),
  ]);
  return { head: [...view.down, ...values.map((value) => valueText(value))], lines };
}

/** Numbers by size; texts stay in their order. */
const byNumber = (left: Value, right: Value): number =>
  typeof left === 'number' && typeof right === 'number' ? left - right : 0;

/** Leaves out what the line above says already, in the columns that name a line. */
function withoutRepeats(lines: readonly string[][], naming: number): string[][] {
  return lines.map((line, index) => {
    const above = lines[index - 1];
    let same = above !== undefined;
    return line.map((text, column) => {
      same &&= column < naming - 1 && above?.[column] === text;
      return same ? '' : text;
    });
  });
}
