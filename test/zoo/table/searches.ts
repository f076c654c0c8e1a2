/** The searches that are compared on the zoo: those of `eddy explore`, and plain depth-first search beside them. */
import { DepthFirst } from '../../../lab/explore/depth-first.ts';
import type { Search } from '../../../lab/explore/every-execution.ts';
import { searching } from '../../../lab/explore/strategies.ts';
import { STRATEGIES, type Strategy } from '../../../lab/explore/strategy.ts';

/** A way to search, from its beginning. */
export interface Way {
  readonly id: string;
  /** Whether it depends on a seed, and never runs out of schedules. */
  readonly isRandom: boolean;
  search(harts: number, seed: number): Search;
}

/** More preemptions than any bug takes. */
const PREEMPTIONS = 4;
const RANDOM: readonly Strategy[] = ['pct', 'random'];
const PCT_DEPTHS = [2, 3];

const plain: Way = { id: 'depth-first', isRandom: false, search: () => new DepthFirst() };

function waysOf(strategy: Strategy): Way[] {
  const depths = strategy === 'pct' ? PCT_DEPTHS : [PREEMPTIONS];
  return depths.map((depth) => ({
    id: strategy === 'pct' ? `pct-${depth}` : strategy,
    isRandom: RANDOM.includes(strategy),
    search: (harts, seed) => searching(strategy, { harts, seed, depth }).search,
  }));
}

export const WAYS: readonly Way[] = [plain, ...STRATEGIES.flatMap(waysOf)];
