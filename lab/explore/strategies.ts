/** The ways to search, by name. */
import { type Coverage, type Division, InParts } from './division.ts';
import { Dpor } from './dpor.ts';
import { DporParts } from './dpor-parts.ts';
import type { Search } from './every-execution.ts';
import { pct } from './pct.ts';
import { preemptionBound } from './preemption-bound.ts';
import { randomWalk } from './random-walk.ts';
import { roundRobin } from './round-robin.ts';
import type { Strategy } from './strategy.ts';

export interface Settings {
  readonly harts: number;
  readonly seed: number;
  /** Steps that must come in a certain order (`pct`), or preemptions or delays at most. */
  readonly depth: number;
}

/** A search, in parts, from its beginning. */
export function divide(strategy: Strategy, { harts, seed, depth }: Settings): Division {
  switch (strategy) {
    case 'bound':
      return preemptionBound(depth) as Division;
    case 'round-robin':
      return roundRobin(depth) as Division;
    case 'random':
      return randomWalk(seed) as Division;
    case 'pct':
      return pct(depth, seed) as Division;
    case 'dpor':
      return new DporParts(harts) as Division;
  }
}

export interface Searching {
  readonly search: Search;
  coverage(exhausted: boolean): Coverage;
}

/** A search in one piece, from its beginning. (`dpor` then runs schedules in another order than in parts.) */
export function searching(strategy: Strategy, settings: Settings): Searching {
  const division = divide(strategy, settings);
  const search = strategy === 'dpor' ? new Dpor(settings.harts) : new InParts(division);
  return { search, coverage: (exhausted) => division.coverage(exhausted) };
}
