/** Exhaustive depth-first search without any reduction: every schedule. The yardstick for `Dpor`, and its oracle. */
import type { Search } from './every-execution.ts';

interface Choice {
  readonly runnable: readonly number[];
  taken: number;
}

export class DepthFirst implements Search {
  readonly redundant = 0;
  readonly needsFootprint = false;
  private readonly choices: Choice[] = [];
  private depth = 0;

  /** Begins an execution. */
  begin(): void {
    this.depth = 0;
  }

  choose(runnable: readonly number[]): number | undefined {
    let choice = this.choices[this.depth];
    if (choice === undefined) {
      choice = { runnable: [...runnable], taken: 0 };
      this.choices.push(choice);
    }
    this.depth++;
    return choice.runnable[choice.taken];
  }

  /** Ends an execution; gives false when none is left to run. */
  next(): boolean {
    for (let last = this.choices.at(-1); last !== undefined; last = this.choices.at(-1)) {
      last.taken++;
      if (last.taken < last.runnable.length) return true;
      this.choices.pop();
    }
    return false;
  }
}
