/**
 * Arrays of words of machines that nobody needs any more. To allocate a megabyte and collect it again costs the host
 * ten times what it costs to zero it, and a search of schedules builds a machine for each.
 */
const spare: Int32Array[] = [];
/** Arrays that are kept at most. */
const MOST = 4;

/** So many words, all zero. */
export function zeroedWords(length: number): Int32Array {
  const index = spare.findIndex((words) => words.length === length);
  if (index < 0) return new Int32Array(length);
  const [words] = spare.splice(index, 1) as [Int32Array];
  return words.fill(0);
}

/** Whoever has these words must not look at them again. */
export function giveBack(words: Int32Array): void {
  if (spare.length === MOST) spare.shift();
  spare.push(words);
}
