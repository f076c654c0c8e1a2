/** Several invariants, watched on one machine. */
import type { Machine } from '../../../hw/machine.ts';
import type { Holds, Invariant } from './invariant.ts';

/** An invariant that does not hold. */
export interface Broken {
  readonly invariant: string;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
}

export class Watch {
  private readonly asked: readonly { readonly invariant: Invariant; ask(): readonly string[] }[];

  /** @param machine has not run yet */
  constructor(machine: Machine, invariants: readonly Invariant[]) {
    this.asked = invariants.map((invariant) => ({ invariant, ask: invariant.watch(machine) }));
  }

  /** The first invariant, of those that must hold at such a moment, which does not. */
  broken(...holds: readonly Holds[]): Broken | undefined {
    for (const { invariant, ask } of this.asked) {
      if (!holds.includes(invariant.holds)) continue;
      const problems = ask();
      if (problems.length > 0) return { invariant: invariant.id, problems: [...problems] };
    }
    return undefined;
  }
}

const MOST_SHOWN = 5;

/** What is broken in one line. */
export function describeBroken({ invariant, problems }: Broken): string {
  const more = problems.length - MOST_SHOWN;
  const rest = more > 0 ? `; and ${more} more` : '';
  return `invariant ${invariant} is broken: ${problems.slice(0, MOST_SHOWN).join('; ')}${rest}`;
}
