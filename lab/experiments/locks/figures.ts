/** What a contest's critical sections say: waiting, handing over, fairness, order, exclusion. */
import type { Section } from './contest.ts';

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Cycles from asking for the lock to having it. */
export const waits = (sections: readonly Section[]): number[] =>
  sections.map(({ wanted, got }) => got - wanted);

export const meanWait = (sections: readonly Section[]): number => mean(waits(sections));

/** Mean cycles from a release to the next one's being inside, if that one was waiting already. */
export function meanHandover(sections: readonly Section[]): number | null {
  const handovers = sections.flatMap(({ wanted, got }, index) => {
    const before = sections[index - 1];
    return before !== undefined && wanted < before.left ? [got - before.left] : [];
  });
  return handovers.length === 0 ? null : mean(handovers);
}

/** How often somebody got in before the one inside had begun to leave. */
export const overlaps = (sections: readonly Section[]): number =>
  sections.filter(({ got }, index) => got < (sections[index - 1]?.left ?? 0)).length;

/**
 * Jain's index of what each hart got while all competed, until the first was done: 1 when all got the same, 1/n when
 * one got all.
 */
export function fairness(sections: readonly Section[], harts: number, rounds: number): number {
  const counts = new Array<number>(harts).fill(0);
  for (const { hart } of sections) {
    const count = (counts[hart] as number) + 1;
    counts[hart] = count;
    if (count === rounds) break;
  }
  const sum = counts.reduce((total, count) => total + count, 0);
  return sum ** 2 / (harts * counts.reduce((total, count) => total + count ** 2, 0));
}

/** The most sections that others, who had asked later, got while one waited. */
export function mostOvertakes(sections: readonly Section[]): number {
  let most = 0;
  for (const [index, { hart, wanted }] of sections.entries()) {
    let overtakes = 0;
    for (let at = index - 1; at >= 0 && (sections[at] as Section).got > wanted; at--) {
      const other = sections[at] as Section;
      if (other.hart !== hart && other.wanted > wanted) overtakes++;
    }
    most = Math.max(most, overtakes);
  }
  return most;
}
