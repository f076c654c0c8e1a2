/**
 * FCM, file cache manager: the resident pages of a region, by page number. Page n is in the part n modulo the
 * number of parts; each representative is one part. A small FCM has one part only.
 *
 * The thread that first wants a page makes a busy descriptor, releases the lock and fills the page; others that
 * want it meanwhile wait in the descriptor's queue and look again when woken. Kinds differ in how a page is
 * filled and what becomes of a dirty one (fcm-anonymous.ts, fcm-disk.ts).
 *
 * *Locking:* `lock` guards the tree, and state and waiters of the descriptors. It is not held while a page is
 * filled. Existence: regions own their FCM together (`sharers`, by fetch-and-add); descriptors stay until it is destroyed.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { HART, localBase } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { Root, ROOT } from '../objects/root.ts';
import { deref } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { View } from '../view.ts';
import { COR } from './cor.ts';
import { allocateFrame, releaseFrame } from './dsm.ts';
import { FCM } from './fcm-layout.ts';
import { Gate } from './locking.ts';
import { PAGE, PAGE_STATE } from './page-descriptor.ts';
import type { PageTree } from './page-tree.ts';
import { treeOf } from './part-tree.ts';

export abstract class Fcm extends View {
  /** Fills a fresh frame with the content of a page; gives 0 or an error. May block. */
  abstract fill(frame: number, index: number): Code<number>;
  /** Puts the content of a dirty page where it belongs; gives 0 or an error. May block. */
  abstract save(frame: number, index: number): Code<number>;

  /** The view of another part. */
  protected abstract part(rep: number): Fcm;

  // DOC: fcm-get-page
  /** The descriptor of a page, filled; or ENOMEM, EIO. A new frame comes from the node of the hart at `home`. */
  *getPage(home: number, index: number): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    if (parts === 1) return yield* this.getOwn(home, index, index);
    const root = new Root(yield load(this.address + FCM.root));
    const part = yield* root.repOfCluster(yield* localBase(), index % parts);
    return part === 0 ? ERROR.ENOMEM : yield* this.part(part).getOwn(home, index, (index / parts) | 0);
  }

  /** The descriptor of a page that is resident and filled, or 0. */
  *findPage(index: number): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    const part = yield* this.repOfPart(index % parts);
    if (part === 0) return 0;
    yield* acquire(part + FCM.lock);
    const slot = yield* (yield* treeOf(part)).lockedSlot((index / parts) | 0);
    const page = slot === 0 ? 0 : yield load(slot);
    const isValid = page !== 0 && (yield load(page + PAGE.state)) === PAGE_STATE.valid;
    yield* release(part + FCM.lock);
    return isValid ? page : 0;
  }

  /** As `getPage`, of a page that is in this part, where its place is `key`. */
  private *getOwn(home: number, index: number, key: number): Code<number> {
    const tree = yield* treeOf(this.address);
    for (;;) {
      yield* acquire(this.address + FCM.lock);
      const slot = yield* tree.lockedSlot(key);
      let page = slot === 0 ? 0 : yield load(slot);
      if (page === 0) {
        page = yield* this.lockedBegin(tree, home, index, key);
        yield* release(this.address + FCM.lock);
        return page === 0 ? ERROR.ENOMEM : yield* this.bringIn(tree, home, page, key);
      }
      if ((yield load(page + PAGE.state)) === PAGE_STATE.valid) {
        yield* release(this.address + FCM.lock);
        return page;
      }
      const thread = yield* currentThread();
      yield* lockedPrepareWait(thread, page + PAGE.waiters, WAIT.page, index);
      yield* release(this.address + FCM.lock);
      yield* step(STEP.pageWait, page, wait(thread, 0));
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
  private *bringIn(tree: PageTree, home: number, page: number, key: number): Code<number> {
    const index = yield load(page + PAGE.index);
    const frame = yield* allocateFrame(home, yield load(home + HART.node));
    const failure = frame === 0 ? ERROR.ENOMEM : yield* this.fill(frame, index);
    yield* acquire(this.address + FCM.lock);
    if (failure === 0) {
      yield store(page + PAGE.frame, frame);
      yield store(page + PAGE.state, PAGE_STATE.valid);
    } else {
      yield store(yield* tree.lockedSlot(key), 0);
    }
    yield* lockedWakeAll(new WaitQueue(page + PAGE.waiters), 0);
    yield* release(this.address + FCM.lock);
    if (failure === 0) return page;
    if (frame !== 0) yield* releaseFrame(home, frame);
    yield* free(page);
    return failure;
  }

  /** The first resident page of any part, or 0. The region must be drained. */
  *firstPage(): Code<number> {
    return yield* this.firstFrom(0);
  }

  /** The resident page that comes after one, or 0: those of one part, then those of the next. */
  *pageAfter(page: number): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    const index = yield load(page + PAGE.index);
    const rep = yield* this.repOfPart(index % parts);
    const next = yield* (yield* treeOf(rep)).lockedNext(((index / parts) | 0) + 1);
    return next !== 0 ? next : yield* this.firstFrom((index % parts) + 1);
  }

  private *firstFrom(part: number): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    for (let at = part; at < parts; at += 1) {
      const rep = yield* this.repOfPart(at);
      const page = rep === 0 ? 0 : yield* (yield* treeOf(rep)).lockedNext(0);
      if (page !== 0) return page;
    }
    return 0;
  }

  private *repOfPart(part: number): Code<number> {
    if ((yield load(this.address + FCM.parts)) === 1) return this.address;
    return yield* new Root(yield load(this.address + FCM.root)).repAt(yield* localBase(), part);
  }

  /** Saves dirty pages and gives all memory back; gives 0 or the first error. The pages must be unmapped. */
  *discard(local: number): Code<number> {
    const parts = yield load(this.address + FCM.parts);
    let result = 0;
    for (let part = 0; part < parts; part += 1) {
      const rep = yield* this.repOfPart(part);
      const discarded = rep === 0 ? 0 : yield* this.part(rep).discardOwn(local, parts);
      if (result === 0) result = discarded;
    }
    return result;
  }

  private *discardOwn(local: number, parts: number): Code<number> {
    const tree = yield* treeOf(this.address);
    let result = 0;
    for (let page = yield* tree.lockedNext(0); page !== 0; ) {
      const index = yield load(page + PAGE.index);
      const frame = yield load(page + PAGE.frame);
      if ((yield load(page + PAGE.dirty)) !== 0) {
        const saved = yield* this.save(frame, index);
        if (result === 0) result = saved;
      }
      yield* releaseFrame(local, frame);
      const key = (index / parts) | 0;
      yield store(yield* tree.lockedSlot(key), 0);
      yield* free(page);
      page = yield* tree.lockedNext(key + 1);
    }
    yield* tree.lockedFree();
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

  private *primary(): Code<number> {
    return yield load((yield load(this.address + FCM.root)) + ROOT.primary);
  }
}
