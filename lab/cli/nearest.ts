/** The nearest valid choice to what somebody typed. */

/** Edit distance with swapped neighbours counted as one (optimal string alignment). */
export function distance(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      if (
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      ) {
        best = Math.min(best, (before[column - 2] as number) + 1);
      }
      current.push(best);
    }
    before = last;
    last = current;
  }
  return last[right.length] as number;
}

/** The choice that is nearest to `typed`, or undefined when there is none to choose from. */
export function nearest(typed: string, choices: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase();
  const score = (choice: string): number => {
    const candidate = choice.toLowerCase();
    // A beginning or an ending that was typed in full counts for more than letters in common.
    const contained = wanted.length > 1 && (candidate.startsWith(wanted) || candidate.endsWith(`.${wanted}`));
    return contained ? 0.5 : distance(wanted, candidate);
  };
  return choices.map((choice) => ({ choice, score: score(choice) })).toSorted((a, b) => a.score - b.score)[0]
    ?.choice;
}

/** `unknown <noun> 'typed'`, with the nearest valid choice. */
export function unknown(noun: string, typed: string, choices: readonly string[]): string {
  const near = nearest(typed, choices);
  return `unknown ${noun} '${typed}'${near === undefined ? '' : `; did you mean '${near}'?`}`;
}
