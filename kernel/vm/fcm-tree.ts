/**
 * Finding the pages of an FCM by number: page n is in the part n modulo the number of parts, where its place is n divided
 * by it; each representative is one part, with a tree and a lock.
 *
 * *Locking:* `lock` of a part guards its tree.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { localBase } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { Root, ROOT } from '../objects/root.ts';
import { View } from '../view.ts';
import { FCM } from './fcm-layout.ts';
import { pinFrom } from './fcm-pages.ts';
import { PAGE, PAGE_STATE, unpinPage } from './page-descriptor.ts';
import type { PageRange } from './page-range.ts';
import { treeOf } from './part-tree.ts';

export abstract class FcmTree extends View {
  /** The descriptor of a page, in memory or not; 0 if there is none. It is not pinned. */
  *peek(index: number): Code<number> {
    return yield* this.find(index, false);
  }

  /** The descriptor of a page that is resident and filled, if perhaps about to leave, or 0. It is not pinned. */
  *findPage(index: number): Code<number> {
    return yield* this.find(index, true);
  }

  private *find(index: number, resident: boolean): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    const part = yield* this.repOfPart(index % parts);
    if (part === 0) return 0;
    yield* acquire(part + FCM.lock);
    const slot = yield* (yield* treeOf(part)).lockedSlot((index / parts) | 0);
    const page = slot === 0 ? 0 : yield load(slot);
    const state = page === 0 ? PAGE_STATE.out : yield load(page + PAGE.state);
    yield* release(part + FCM.lock);
    return !resident || state === PAGE_STATE.valid || state === PAGE_STATE.leaving ? page : 0;
  }

  /**
   * The first resident page of a range, pinned, or 0: those of one part, then those of the next. Nobody may bring pages of
   * the range in meanwhile; others may. Waits for one that is leaving: it may yet stay, as it was.
   */
  *firstPage(range: PageRange): Code<number> {
    return yield* this.firstFrom(0, range);
  }

  /** The resident page of a range that comes after one, pinned, or 0. Lets that one go. */
  *pageAfter(page: number, range: PageRange): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    const index = yield load(page + PAGE.index);
    yield* unpinPage(page);
    const rep = yield* this.repOfPart(index % parts);
    const next = yield* pinFrom(rep, ((index / parts) | 0) + 1, range);
    return next !== 0 ? next : yield* this.firstFrom((index % parts) + 1, range);
  }

  private *firstFrom(part: number, range: PageRange): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    for (let at = part; at < parts; at += 1) {
      const rep = yield* this.repOfPart(at);
      const page = rep === 0 ? 0 : yield* pinFrom(rep, firstKey(at, parts, range), range);
      if (page !== 0) return page;
    }
    return 0;
  }

  *repOfPart(part: number): Code<number> {
    if ((yield load(this.address + FCM.parts)) === 1) return this.address;
    return yield* new Root(yield load(this.address + FCM.root)).repAt(yield* localBase(), part);
  }

  /** The representative of a page's part, made if need be; 0 if there is no memory. */
  protected *partFor(index: number): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    if (parts === 1) return this.address;
    return yield* new Root(yield load(this.address + FCM.root)).repOfCluster(
      yield* localBase(),
      index % parts,
    );
  }

  /** The place of a page in its part. */
  protected *keyOf(index: number): Code<number> {
    return (index / (yield load(this.address + FCM.parts))) | 0;
  }

  /** Its first representative, which has what there is once. */
  *primary(): Code<number> {
    return yield load((yield load(this.address + FCM.root)) + ROOT.primary);
  }

  /** The FCM whose pages it has unless it has its own, or 0. */
  *parent(): Code<number> {
    return yield load((yield* this.primary()) + FCM.parent);
  }

  /** How many regions and copies use it, beside one. */
  *others(): Code<number> {
    return yield load((yield* this.primary()) + FCM.sharers);
  }
}

/** The least place that a page of a range has in a part. */
export const firstKey = (part: number, parts: number, { first }: PageRange): number =>
  Math.max(0, Math.ceil((first - part) / parts));
