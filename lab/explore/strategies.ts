/** The ways to search, by name, and what each can say about what it has covered. */
import { Dpor } from './dpor.ts';
import type { Search } from './every-execution.ts';
import { Pct } from './pct.ts';
import { PreemptionBound } from './preemption-bound.ts';
import { RandomWalk } from './random-walk.ts';

export const STRATEGIES = ['bound', 'random', 'pct', 'dpor'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface Settings {
  readonly harts: number;
  readonly seed: number;
  /** Steps that must come in a certain order (`pct`), or preemptions at most (`bound`). */
  readonly depth: number;
}

/** What has been covered. */
export interface Coverage {
  /** `bound`: preemptions up to which every schedule was run; `pct`: the least chance of each schedule. */
  readonly bound: number | null;
  /** The same in words. */
  readonly text: string;
}

export interface Searching {
  readonly search: Search;
  coverage(exhausted: boolean): Coverage;
}

const SOME = 'some schedules; others may fail';

/** A search from its beginning. */
export function searching(strategy: Strategy, { harts, seed, depth }: Settings): Searching {
  switch (strategy) {
    case 'bound': {
      const search = new PreemptionBound(depth);
      return { search, coverage: () => boundCoverage(search) };
    }
    case 'random':
      return { search: new RandomWalk(seed), coverage: () => ({ bound: null, text: SOME }) };
    case 'pct': {
      const search = new Pct(depth, seed);
      return { search, coverage: () => pctCoverage(search.bound, depth) };
    }
    case 'dpor': {
      const all = { bound: null, text: 'every schedule, up to the order of independent steps' };
      return {
        search: new Dpor(harts),
        coverage: (exhausted) => (exhausted ? all : { bound: null, text: SOME }),
      };
    }
  }
}

function boundCoverage({ complete, isEverything }: PreemptionBound): Coverage {
  if (complete < 0) return { bound: null, text: 'not yet every schedule without a preemption' };
  const most = `every schedule with at most ${complete} preemption${complete === 1 ? '' : 's'}`;
  return { bound: complete, text: isEverything ? 'every schedule' : most };
}

const pctCoverage = (bound: number, depth: number): Coverage => ({
  bound,
  text: `each schedule hits a bug of depth ${depth} with a probability of at least ${bound.toPrecision(2)}`,
});
