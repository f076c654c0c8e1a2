/** Which line of a set leaves when room is needed. */
import type { PrivateCaches } from '../cache/private-caches.ts';
import type { SpinLot } from '../hart/spin-lot.ts';

const NO_LINE = -1;

// DOC: victim
/** Among `ways` slots from `first` on: an empty one, or else the one that was used least recently. */
export function leastRecentlyUsed(
  caches: PrivateCaches,
  spins: SpinLot,
  core: number,
  first: number,
  ways: number,
): number {
  let victim = first;
  let oldest = Number.POSITIVE_INFINITY;
  for (let slot = first; slot < first + ways; slot++) {
    if (caches.line[slot] === NO_LINE) return slot;
    const used = spins.lastUse(core, slot, caches.stamp[slot] as number);
    if (used < oldest) {
      oldest = used;
      victim = slot;
    }
  }
  return victim;
}
