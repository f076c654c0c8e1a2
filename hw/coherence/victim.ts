/** Where a core's cache puts a line that it does not hold. */
import type { PrivateCaches } from '../cache/private-caches.ts';
import type { SpinLot } from '../hart/spin-lot.ts';

const NO_LINE = -1;

/** An empty slot of the line's set, or else the one that was used least recently, which must be evicted. */
export function leastRecentlyUsed(caches: PrivateCaches, spins: SpinLot, core: number, line: number): number {
  const first = caches.firstSlot(core, line);
  let victim = first;
  let oldest = Number.POSITIVE_INFINITY;
  for (let slot = first; slot < first + caches.ways; slot++) {
    if (caches.line[slot] === NO_LINE) return slot;
    const used = spins.lastUse(core, slot, caches.stamp[slot] as number);
    if (used < oldest) {
      oldest = used;
      victim = slot;
    }
  }
  return victim;
}
