/**
 * The kinds of first-level misses. Cold, capacity and conflict: Hill & Smith, *Evaluating Associativity in CPU
 * Caches*, 1989. True and false sharing: Dubois et al., *The Detection and Elimination of Useless Misses in
 * Multiprocessors*, ISCA 1993; Torrellas, Lam & Hennessy, *False Sharing and Spatial Locality*, 1994.
 * miss-classifier.ts says where the lines are drawn.
 */
import { COUNTER, type CounterName } from '../counters.ts';

export interface MissKindRow {
  readonly name: string;
  readonly counter: CounterName;
}

export const MISS_KINDS = [
  { name: 'cold', counter: 'coldMisses' },
  { name: 'capacity', counter: 'capacityMisses' },
  { name: 'conflict', counter: 'conflictMisses' },
  { name: 'trueSharing', counter: 'trueSharingMisses' },
  { name: 'falseSharing', counter: 'falseSharingMisses' },
] as const satisfies readonly MissKindRow[];

export type MissKindName = (typeof MISS_KINDS)[number]['name'];

/** Kind numbers by name. */
export const MISS = Object.freeze(
  Object.fromEntries(MISS_KINDS.map(({ name }, index) => [name, index])),
) as Readonly<Record<MissKindName, number>>;

/** The counter of each kind. */
export const MISS_COUNTERS: readonly number[] = MISS_KINDS.map(({ counter }) => COUNTER[counter]);
