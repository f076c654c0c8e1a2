/**
 * The regions of a process, in order of address: a linked list whose links hold the bounds, so that a search
 * does not touch the regions themselves. A link keeps its addresses from before the region is made until after
 * it is gone.
 *
 * *Locking:* the process's `regionLock` guards the list and its links: readers look, a writer changes them.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT } from '../abi/flags.ts';
import { PAGE_SIZE } from '../layout.ts';
import { lockedTakeOut } from '../list.ts';
import { struct, word } from '../struct.ts';
import { View } from '../view.ts';

export const LINK = struct({
  next: word,
  base: word,
  end: word,
  /** What is reserved begins here: below `base`, a guard page, or what the region may still grow to. */
  floor: word,
  /** Reference of the region; 0 while it is being made. */
  region: word,
  kind: word,
  state: word,
  /** While it is changed: the thread that does so, and the links that are to come before it, after it, and in its place. */
  claimer: word,
  head: word,
  tail: word,
  successor: word,
});

export const LINK_KIND = Object.freeze({ mapped: 0, stack: 1, shared: 2 });
/** `changing`: claimed by a change of the address space (change-space.ts); who wants the region waits until it is done. */
export const LINK_STATE = Object.freeze({ making: 0, live: 1, dying: 2, changing: 3 });

/** The list: the word that points to its first link. */
export class RegionList extends View {
  /** The first link, in whatever state, that ends above an address, or 0. */
  *lockedFrom(address: number): Code<number> {
    let link = yield load(this.address);
    while (link !== 0 && (yield load(link + LINK.end)) <= address) link = yield load(link + LINK.next);
    return link;
  }

  /** Whether no link has reserved anything of [base, base + length). */
  *lockedIsFree(base: number, length: number): Code<boolean> {
    for (let link = yield load(this.address); link !== 0; link = yield load(link + LINK.next)) {
      if (base + length <= (yield load(link + LINK.floor))) return true;
      if (base < (yield load(link + LINK.end))) return false;
    }
    return true;
  }

  /** The lowest free address for a mapping, or 0. */
  *lockedLowGap(length: number): Code<number> {
    let base: number = LIMIT.USER_BASE;
    for (let link = yield load(this.address); link !== 0; link = yield load(link + LINK.next)) {
      if (base + length <= (yield load(link + LINK.floor))) return base;
      base = yield load(link + LINK.end);
    }
    return base + length <= LIMIT.USER_END ? base : 0;
  }

  /** The highest free address for a stack, with an unmapped page below it, its guard, and one above, or 0. */
  *lockedHighGap(length: number): Code<number> {
    let best = 0;
    let low: number = LIMIT.USER_BASE;
    for (let link = yield load(this.address); ; link = yield load(link + LINK.next)) {
      // The page above may be the guard of another stack.
      const isStack = link !== 0 && (yield load(link + LINK.kind)) === LINK_KIND.stack;
      const high: number =
        link === 0 ? LIMIT.USER_END : yield load(link + (isStack ? LINK.base : LINK.floor));
      if (low + PAGE_SIZE + length + PAGE_SIZE <= high) best = high - PAGE_SIZE - length;
      if (link === 0) return best;
      low = yield load(link + LINK.end);
    }
  }

  /** Puts a link in its place. */
  *lockedInsert(link: number): Code {
    const base = yield load(link + LINK.base);
    let slot = this.address;
    let next = yield load(slot);
    while (next !== 0 && (yield load(next + LINK.base)) < base) {
      slot = next + LINK.next;
      next = yield load(slot);
    }
    yield store(link + LINK.next, next);
    yield store(slot, link);
  }

  /** Takes a link out. */
  *lockedRemove(link: number): Code {
    yield* lockedTakeOut(this.address, LINK.next, link);
  }
}
