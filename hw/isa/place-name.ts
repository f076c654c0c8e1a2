/**
 * Names of places, as the two operand words of `mark(MARK.place, …)`. Nobody keeps a list of names: the words are
 * the name, six characters each, as the digits of a number (RAD50 packed three so into a word of 16 bits).
 */
const SYMBOLS = '\0abcdefghijklmnopqrstuvwxyz0123456789-_.';
const PER_WORD = 6;

/** Characters that a name may have. */
export const MOST_IN_PLACE = 2 * PER_WORD;

const isName = (name: string): boolean =>
  name.length > 0 && name.length <= MOST_IN_PLACE && [...name].every((symbol) => SYMBOLS.indexOf(symbol) > 0);

/**
 * The words of a name.
 * @throws RangeError when it is empty, longer than 12 characters, or has others than a–z, 0–9, `-`, `_` and `.`
 */
export function packPlace(name: string): readonly [number, number] {
  if (!isName(name))
    throw new RangeError(
      `place('${name}'): 1 to ${MOST_IN_PLACE} of a to z, 0 to 9, '-', '_' and '.' are wanted`,
    );
  const word = (from: number): number => {
    let digits = 0;
    for (let at = from; at < from + PER_WORD; at++)
      digits = digits * SYMBOLS.length + SYMBOLS.indexOf(name[at] ?? '\0');
    return digits | 0;
  };
  return [word(0), word(PER_WORD)];
}

/** The name that two words are; a number in place of those that are none. */
export function placeName(first: number, second: number): string {
  const name = [first, second].map(unpack).join('');
  if (!isName(name)) return String(first);
  const [again0, again1] = packPlace(name);
  return again0 === first && again1 === second ? name : String(first);
}

function unpack(word: number): string {
  let rest = word >>> 0;
  let text = '';
  for (let count = 0; count < PER_WORD; count++) {
    text = (SYMBOLS[rest % SYMBOLS.length] as string) + text;
    rest = Math.floor(rest / SYMBOLS.length);
  }
  return text.replaceAll('\0', '');
}
