/**
 * Why an access misses, by the 3C model: *cold* in a cache of any size, *capacity* in a fully associative one
 * of this size, *conflict* only because of where lines may stand. Hill & Smith, *Evaluating Associativity in
 * CPU Caches*, IEEE Transactions on Computers 38(12), 1989.
 *
 * Both shadows follow the cache's policy: a write that allocates nothing here allocates nothing there.
 */
import { LruList } from './lru-list.ts';

export type MissKind = 'cold' | 'capacity' | 'conflict';

export class MissClassifier {
  /** Lines that were ever brought in: the cache without limits. */
  private readonly known = new Set<number>();
  private readonly shadow: LruList;

  /** @param lines how many the cache holds in all */
  constructor(lines: number) {
    this.shadow = new LruList(lines);
  }

  /** Sees an access, hit or miss; gives what it is if it is a miss. */
  see(line: number, allocates: boolean): MissKind {
    if (this.shadow.use(line, allocates)) return 'conflict';
    if (this.known.has(line)) return 'capacity';
    if (allocates) this.known.add(line);
    return 'cold';
  }
}
