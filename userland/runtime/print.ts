/** Formatted output. Template literals do for most programs; `printf` is for those who miss it. */
import type { Code } from '../../hw/isa/index.ts';
import type { Output } from './output.ts';

/** What may follow a `%`, each with how a word is written. */
const CONVERSIONS: Readonly<Record<string, (word: number) => string>> = {
  d: (word) => String(word | 0),
  u: (word) => String(word >>> 0),
  x: (word) => (word >>> 0).toString(16),
  c: (word) => String.fromCodePoint(word & 0x7f),
};

/** A word as eight hexadecimal digits after 0x: how addresses are printed. */
export const hex = (word: number): string => `0x${(word >>> 0).toString(16).padStart(8, '0')}`;

/**
 * Prints `format`, with each `%d` (signed), `%u` (unsigned), `%x` (hexadecimal) or `%c` (character)
 * replaced by the next word, and `%%` by a per cent sign.
 * @throws SyntaxError for another conversion, RangeError when words are missing or left over
 */
export function* printf(output: Output, format: string, ...words: number[]): Code {
  let used = 0;
  const text = format.replaceAll(/%(.?)/gsu, (_match, letter: string) => {
    if (letter === '%') return '%';
    const write = CONVERSIONS[letter];
    if (write === undefined) throw new SyntaxError(`printf: there is no conversion %${letter}`);
    const word = words[used++];
    if (word === undefined) throw new RangeError(`printf: more conversions than words in '${format}'`);
    return write(word);
  });
  if (used < words.length) throw new RangeError(`printf: more words than conversions in '${format}'`);
  yield* output.print(text);
}

/**
 * Reports a check as a line that the lab collects: `check sum: ok 64 of 64` or `check sum: FAILED 63 of 64`.
 * @param id one word
 * @returns `ok`, so that a program can count what failed
 */
export function* report(output: Output, id: string, ok: boolean, detail = ''): Code<boolean> {
  yield* output.print(`check ${id}: ${ok ? 'ok' : 'FAILED'}${detail && ` ${detail}`}\n`);
  return ok;
}
