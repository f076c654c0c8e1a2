/** Values as people read them. */
import type { Column, Value } from '../framework/experiment.ts';

/** Figures from here on need no decimals. */
const LARGE = 100;

/** A number with as many decimals as the column says, or as it deserves; large ones have none. */
export function number(value: number, digits = Number.isInteger(value) ? 0 : 2): string {
  const decimals = Math.abs(value) >= LARGE ? 0 : digits;
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A value of a row: a dash where it was not measured, nothing where there is no row. */
export function valueText(value: Value | undefined, column?: Column): string {
  if (value === undefined) return '';
  if (value === null) return '–';
  if (typeof value === 'number') return number(value, column?.digits);
  return String(value);
}
