/**
 * How lines move between the two private levels of a core. The first level's victim goes to the second, and
 * the second's victim leaves the core; a hit in the second brings the line back to the first.
 */
import { leastRecentlyUsed } from '../coherence/victim.ts';
import type { HartState } from '../hart/hart-state.ts';
import type { SpinLot } from '../hart/spin-lot.ts';
import type { PrivateCaches } from './private-caches.ts';

const NO_LINE = -1;

/** Lets a line leave a core. */
export type Evict = (hart: number, slot: number, now: number) => void;

export class Levels {
  private readonly harts: HartState;
  private readonly caches: PrivateCaches;
  private readonly spins: SpinLot;
  private readonly evict: Evict;

  constructor(harts: HartState, caches: PrivateCaches, spins: SpinLot, evict: Evict) {
    this.harts = harts;
    this.caches = caches;
    this.spins = spins;
    this.evict = evict;
  }

  /** An empty slot of the first level for a line that the hart's core does not hold. */
  makeRoom(hart: number, line: number, now: number): number {
    const { caches, spins } = this;
    const core = this.harts.core[hart] as number;
    const slot = leastRecentlyUsed(caches, spins, core, caches.firstSlot(core, line), caches.ways);
    if (caches.line[slot] === NO_LINE) return slot;
    if (caches.lowerWays === 0) this.evict(hart, slot, now);
    else this.demote(hart, core, slot, now);
    return slot;
  }

  // DOC: promote
  /** Brings a line from the second level to the first; gives its slot there, or -1 if the second has it not. */
  promote(hart: number, line: number, now: number): number {
    const { caches } = this;
    const core = this.harts.core[hart] as number;
    const lower = caches.findLower(core, line);
    if (lower < 0) return -1;
    const slot = leastRecentlyUsed(caches, this.spins, core, caches.firstSlot(core, line), caches.ways);
    if (caches.line[slot] === NO_LINE) {
      caches.move(lower, slot);
      return slot;
    }
    // Out of the way first, so that the victim may take its place.
    const { spare } = caches;
    caches.move(lower, spare);
    this.demote(hart, core, slot, now);
    caches.move(spare, slot);
    return slot;
  }

  /** Moves the line in a slot of the first level to the second. */
  private demote(hart: number, core: number, slot: number, now: number): void {
    const { caches, spins } = this;
    const line = caches.line[slot] as number;
    const first = caches.firstLowerSlot(core, line);
    const to = leastRecentlyUsed(caches, spins, core, first, caches.lowerWays);
    if (caches.line[to] !== NO_LINE) this.evict(hart, to, now);
    // Before it moves: what polled the line until now counts as its last use.
    spins.lineLost(core, slot);
    caches.move(slot, to);
  }
}
