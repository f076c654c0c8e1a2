/** Values of options, checked as they are read. */
import { parseNumber } from '../settings/number.ts';
import { UsageError } from './exit.ts';
import { unknown } from './nearest.ts';

/** A whole number of at least `least`. */
export const wholeNumber =
  (option: string, least: number) =>
  (text: string): number => {
    const number = parseNumber(text);
    if (number === undefined || !Number.isInteger(number)) {
      throw new UsageError(`${option} ${text}: a whole number is wanted, such as ${Math.max(least, 4)}`);
    }
    if (number < least) throw new UsageError(`${option} ${text}: the least that is possible is ${least}`);
    return number;
  };

/** One of the choices given. */
export const oneOf =
  <T extends string>(noun: string, choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new UsageError(unknown(noun, text, choices));
    return found;
  };

/** Collects `key=value` texts of an option that may be given more than once; the last value of a key counts. */
export function collectSetting(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set ${text}: write it as --set key=value`);
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
}
