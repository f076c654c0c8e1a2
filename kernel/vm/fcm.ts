/**
 * FCM, file cache manager: the resident pages of a region, by page number. Page n is in the part n modulo the
 * number of parts; each representative is one part. A small FCM has one part only.
 *
 * The thread that first wants a page makes a busy descriptor, releases the lock and fills the page; others that
 * want it meanwhile wait in the descriptor's queue and look again when woken. Kinds differ in how a page is
 * filled and what becomes of a dirty one (fcm-anonymous.ts, fcm-disk.ts).
 *
 * *Locking:* `lock` guards the tree, and state and waiters of the descriptors. It is not held while a page is
 * filled, or leaves memory (page-out.ts). Existence: regions own their FCM together (`sharers`, by fetch-and-add); a
 * descriptor stays as long as it is pinned, or its page is resident or in swap.
 */
import { type Code, fetchAndAdd, fetchAndStore, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { HART, localBase } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { copyFrame } from '../memory/frame.ts';
import { allocate, free } from '../memory/heap.ts';
import { ROOT } from '../objects/root.ts';
import { deref } from '../objects/translation-table.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { COR } from './cor.ts';
import { releaseFrame } from './dsm.ts';
import { FCM } from './fcm-layout.ts';
import { forgetPage, lockedAwaitPage, placeAfter, takeFrom } from './fcm-pages.ts';
import { FcmTree, firstKey } from './fcm-tree.ts';
import { forgetFrame, noteFrame } from './frame-table.ts';
import type { Hat } from './hat.ts';
import { Gate } from './locking.ts';
import { PAGE, PAGE_STATE, unpinPage } from './page-descriptor.ts';
import { makeRoom, takePageFrame } from './page-frames.ts';
import type { PageRange } from './page-range.ts';
import type { PageTree } from './page-tree.ts';
import { treeOf } from './part-tree.ts';
import type { Access } from './process.ts';
import { placeOfPage } from './placement.ts';

/** A page that was asked for. */
export interface Found {
  /** Its descriptor, or an error. */
  readonly page: number;
  /** Whether the FCM that was asked has it itself: else it is an ancestor's, and only to be read. */
  readonly own: boolean;
}

/** A page of the FCM that was asked, or an error. */
export const foundOwn = (page: number): Found => ({ page, own: true });

export abstract class Fcm extends FcmTree {
  /** Fills a fresh frame with the content of a page, which has a slot of swap or none; gives 0 or an error. May block. */
  abstract fill(frame: number, index: number, slot: number): Code<number>;
  /** Puts the content of a dirty page where it belongs; gives 0 or an error. May block. */
  abstract save(frame: number, index: number): Code<number>;

  /** The view of another part. */
  protected abstract part(rep: number): Fcm;

  // DOC: fcm-get-page
  /**
   * A page, filled and pinned (`unpinPage` lets it go), for such an access; or ENOMEM, EIO. A new frame comes from the node
   * of the hart at `home`.
   */
  *getPage(home: number, index: number, _access: Access): Code<Found> {
    const part = yield* this.partFor(index);
    if (part === 0) return foundOwn(ERROR.ENOMEM);
    return foundOwn(yield* this.part(part).getOwn(home, index, yield* this.keyOf(index)));
  }

  /** The page that those have who copy this memory: its descriptor, pinned; 0 if it is as at first; or an error. */
  *source(home: number, index: number): Code<number> {
    return (yield* this.getPage(home, index, 'load')).page;
  }

  /** Maps a page that `getPage` has found at an ancestor, to be read; gives 1, 0 if it is mapped or no longer that one, or ENOMEM. */
  // biome-ignore lint/correctness/useYield: only copies have ancestors
  *mapInherited(_hat: Hat, _index: number, _page: number): Code<number> {
    return 0;
  }

  /** The descriptor of a page, of this FCM or an ancestor, whose frame was found in a page table; or 0. */
  *holderOf(index: number, _frame: number): Code<number> {
    return yield* this.findPage(index);
  }

  /** The page that has been made other than it was at first, or 0: of memory whose pages are nowhere else. */
  // biome-ignore lint/correctness/useYield: of memory that is somewhere else
  *changed(_index: number): Code<number> {
    return 0;
  }

  /** Fills a frame with what a page was at first; gives 0 or an error. */
  *original(frame: number, index: number): Code<number> {
    const { page } = yield* this.getPage(yield* localBase(), index, 'load');
    if (page < 0) return page;
    yield* copyFrame(frame, yield load(page + PAGE.frame));
    yield* unpinPage(page);
    return 0;
  }

  /** Whether it belongs to those who copy it, so that the last of them may take its pages. */
  get givesPages(): boolean {
    return false;
  }

  /** As `getPage`, of a page that is in this part, where its place is `key`. */
  private *getOwn(home: number, index: number, key: number): Code<number> {
    const tree = yield* treeOf(this.address);
    for (;;) {
      yield* acquire(this.address + FCM.lock);
      const slot = yield* tree.lockedSlot(key);
      let page = slot === 0 ? 0 : yield load(slot);
      const state = page === 0 ? PAGE_STATE.out : yield load(page + PAGE.state);
      if (state === PAGE_STATE.out) {
        page = page === 0 ? yield* this.lockedBegin(tree, home, index, key) : page;
        if (page !== 0) yield store(page + PAGE.state, PAGE_STATE.busy);
        yield* release(this.address + FCM.lock);
        if (page !== 0) return yield* this.bringIn(tree, home, page, key);
        if (!(yield* makeRoom(yield load(home + HART.node)))) return ERROR.ENOMEM;
      } else if (state === PAGE_STATE.valid) {
        yield fetchAndAdd(page + PAGE.pins, 1);
        yield* release(this.address + FCM.lock);
        return page;
      } else {
        yield* lockedAwaitPage(this.address, page);
      }
    }
  }

  /** Makes the busy descriptor of a page; gives 0 if there is no memory. */
  private *lockedBegin(tree: PageTree, home: number, index: number, key: number): Code<number> {
    const slot = yield* tree.lockedMakeSlot(home, key);
    const page = slot === 0 ? 0 : yield* allocate(home, PAGE.SIZE);
    if (page === 0) return 0;
    yield store(page + PAGE.class, CLASS.page);
    yield store(page + PAGE.index, index);
    yield store(slot, page);
    return page;
  }

  // DOC: fcm-bring-in
  protected *bringIn(tree: PageTree, home: number, page: number, key: number): Code<number> {
    const index = yield load(page + PAGE.index);
    const slot = yield load(page + PAGE.slot);
    const { node, distance } = yield* placeOfPage(this.address, index, home);
    const frame = yield* takePageFrame(node, distance);
    if (frame !== 0) yield* this.settle(home, page, frame);
    const failure = frame === 0 ? ERROR.ENOMEM : yield* this.fill(frame, index, slot);
    if (frame !== 0 && failure !== 0) yield* forgetFrame(home, frame);
    yield* acquire(this.address + FCM.lock);
    if (failure === 0) {
      yield store(page + PAGE.state, PAGE_STATE.valid);
      yield fetchAndAdd(page + PAGE.pins, 1);
    } else if (slot !== 0) {
      yield store(page + PAGE.frame, 0);
      yield store(page + PAGE.state, PAGE_STATE.out);
    } else {
      yield store(yield* tree.lockedSlot(key), 0);
    }
    yield* lockedWakeAll(new WaitQueue(page + PAGE.waiters), 0);
    yield* release(this.address + FCM.lock);
    if (failure === 0) return page;
    if (frame !== 0) yield* releaseFrame(home, frame);
    if (slot === 0) yield* free(page);
    return failure;
  }

  /** Notes of a page that is being filled, and of its frame, where they are. */
  private *settle(local: number, page: number, frame: number): Code {
    const ref = yield load((yield load(this.address + FCM.root)) + ROOT.ref);
    yield* noteFrame(local, frame, ref, yield load(page + PAGE.index));
    yield store(page + PAGE.frame, frame);
    yield store(page + PAGE.fresh, 1);
  }

  /** Puts the content of the dirty pages of a range where it belongs; gives 0 or the first error. */
  *savePages(range: PageRange): Code<number> {
    let result = 0;
    for (let page = yield* this.firstPage(range); page !== 0; page = yield* this.pageAfter(page, range)) {
      // Clean before it is written: a store that comes meanwhile makes it dirty again.
      if ((yield fetchAndStore(page + PAGE.dirty, 0)) === 0) continue;
      const saved = yield* this.save(yield load(page + PAGE.frame), yield load(page + PAGE.index));
      if (saved !== 0) yield store(page + PAGE.dirty, 1);
      if (result === 0) result = saved;
    }
    return result;
  }

  /** Makes the pages of a range what they were when they were mapped; gives 0 or an error. They must be unmapped. */
  *dropPages(local: number, range: PageRange): Code<number> {
    yield* this.removePages(local, range);
    return 0;
  }

  /** Saves dirty pages of a range and gives all its pages back; gives 0 or the first error. They must be unmapped. */
  *discardPages(local: number, range: PageRange): Code<number> {
    const result = yield* this.savePages(range);
    yield* this.removePages(local, range);
    return result;
  }

  protected *removePages(local: number, range: PageRange): Code {
    const parts = yield load(this.address + FCM.parts);
    for (let part = 0; part < parts; part += 1) {
      const rep = yield* this.repOfPart(part);
      if (rep === 0) continue;
      // On from page to page: what has been emptied is not looked through again for each.
      let page = yield* takeFrom(local, rep, firstKey(part, parts, range), range);
      while (page !== 0) {
        const next = yield* placeAfter(rep, page);
        yield* forgetPage(local, page);
        page = yield* takeFrom(local, rep, next, range);
      }
    }
  }

  /** Saves dirty pages and gives all memory back; gives 0 or the first error. The pages must be unmapped. */
  *discard(local: number): Code<number> {
    const result = yield* this.discardPages(local, { first: 0, pages: yield load(this.address + FCM.pages) });
    const parts = yield load(this.address + FCM.parts);
    for (let part = 0; part < parts; part += 1) {
      const rep = yield* this.repOfPart(part);
      if (rep !== 0) yield* (yield* treeOf(rep)).lockedFree();
    }
    return result;
  }

  /** Takes the gates of the FCM and its COR: the traditional form of locking. */
  *openGates(): Code {
    yield* new Gate((yield* this.primary()) + FCM.gate).acquire();
    const cor = yield load(this.address + FCM.cor);
    if (cor !== 0) yield* new Gate((yield* deref(cor)) + COR.gate).acquire();
  }

  /** Gives them back. */
  *closeGates(): Code {
    const cor = yield load(this.address + FCM.cor);
    if (cor !== 0) yield* new Gate((yield* deref(cor)) + COR.gate).release();
    yield* new Gate((yield* this.primary()) + FCM.gate).release();
  }
}
