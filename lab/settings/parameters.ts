/** The words that a program is started with: its declared defaults, changed by `--set name=value`. */
import { UsageError } from '../cli/exit.ts';
import { nearest, unknown } from '../cli/nearest.ts';
import type { Parameter, Program } from '../../userland/program.ts';
import { parseNumber } from './number.ts';

/**
 * The parameter words in the order of their declaration.
 * @throws UsageError when a value is no number or choice, or lies outside the parameter's range
 */
export function parameterWords(program: Program, given: ReadonlyMap<string, string>): number[] {
  return Object.entries(program.parameters).map(([name, parameter]) => {
    const text = given.get(name);
    return text === undefined ? parameter.default : parseParameter(name, parameter, text);
  });
}

/**
 * The same from numbers, as a test or a measurement has them.
 * @throws UsageError when a value lies outside the parameter's range, or the program has no such parameter
 */
export function parameterWordsOf(program: Program, values: Readonly<Record<string, number>>): number[] {
  const names = Object.keys(program.parameters);
  const other = Object.keys(values).find((name) => !names.includes(name));
  if (other !== undefined)
    throw new UsageError(`program ${program.name}: ${unknown('parameter', other, names)}`);
  return parameterWords(
    program,
    new Map(Object.entries(values).map(([name, value]) => [name, String(value)])),
  );
}

function parseParameter(name: string, parameter: Parameter, text: string): number {
  const chosen = parameter.choices?.[text];
  if (chosen !== undefined) return chosen;
  const number = parseNumber(text);
  const choices = Object.keys(parameter.choices ?? {});
  if (number === undefined || !Number.isInteger(number)) {
    const near =
      choices.length > 0 ? `; did you mean '${nearest(text, choices)}'?` : ' (a whole number is wanted)';
    throw new UsageError(`--set ${name}=${text}: unknown value '${text}'${near}`);
  }
  const { min, max } = parameter;
  if (number < min || number > max) {
    const near = Math.min(Math.max(number, min), max);
    throw new UsageError(
      `--set ${name}=${text}: the value lies outside ${min} to ${max}; the nearest is ${near}`,
    );
  }
  return number;
}
