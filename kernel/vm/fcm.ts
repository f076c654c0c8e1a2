/**
 * FCM, file cache manager: the resident pages of a region, by page number. One shared representative.
 *
 * The thread that first wants a page makes a busy descriptor, releases the lock and fills the page; others that
 * want it meanwhile wait in the descriptor's queue and look again when woken. Kinds differ in how a page is
 * filled and what becomes of a dirty one (fcm-anonymous.ts, fcm-disk.ts).
 *
 * *Locking:* `lock` guards the tree, and state and waiters of the descriptors. It is not held while a page is
 * filled. Existence: the region owns its FCM; descriptors stay until it is destroyed.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { struct, word } from '../struct.ts';
import { STEP } from '../steps.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { View } from '../view.ts';
import { allocateFrame, releaseFrame } from './dsm.ts';
import { PAGE, PAGE_STATE } from './page-descriptor.ts';
import { PageTree } from './page-tree.ts';

export const FCM = struct({ class: word, lock: word, height: word, cor: word, tree: word });

export abstract class Fcm extends View {
  /** Fills a fresh frame with the content of a page; gives 0 or an error. May block. */
  abstract fill(frame: number, index: number): Code<number>;
  /** Puts the content of a dirty page where it belongs; gives 0 or an error. May block. */
  abstract save(frame: number, index: number): Code<number>;

  private *tree(): Code<PageTree> {
    return new PageTree(this.address + FCM.tree, yield load(this.address + FCM.height));
  }

  // DOC: fcm-get-page
  /** The descriptor of a page, filled; or ENOMEM, EIO. A new frame comes from the node of the hart at `home`. */
  *getPage(home: number, index: number): Code<number> {
    const tree = yield* this.tree();
    for (;;) {
      yield* acquire(this.address + FCM.lock);
      const slot = yield* tree.lockedSlot(index);
      let page = slot === 0 ? 0 : yield load(slot);
      if (page === 0) {
        page = yield* this.lockedBegin(tree, home, index);
        yield* release(this.address + FCM.lock);
        return page === 0 ? ERROR.ENOMEM : yield* this.bringIn(tree, home, page, index);
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
  private *lockedBegin(tree: PageTree, home: number, index: number): Code<number> {
    const slot = yield* tree.lockedMakeSlot(home, index);
    const page = slot === 0 ? 0 : yield* allocate(home, PAGE.SIZE);
    if (page === 0) return 0;
    yield store(page + PAGE.class, CLASS.page);
    yield store(page + PAGE.index, index);
    yield store(slot, page);
    return page;
  }

  // DOC: fcm-bring-in
  private *bringIn(tree: PageTree, home: number, page: number, index: number): Code<number> {
    const frame = yield* allocateFrame(home, yield load(home + HART.node));
    const failure = frame === 0 ? ERROR.ENOMEM : yield* this.fill(frame, index);
    yield* acquire(this.address + FCM.lock);
    if (failure === 0) {
      yield store(page + PAGE.frame, frame);
      yield store(page + PAGE.state, PAGE_STATE.valid);
    } else {
      yield store(yield* tree.lockedSlot(index), 0);
    }
    yield* lockedWakeAll(new WaitQueue(page + PAGE.waiters), 0);
    yield* release(this.address + FCM.lock);
    if (failure === 0) return page;
    if (frame !== 0) yield* releaseFrame(home, frame);
    yield* free(page);
    return failure;
  }

  /** The descriptor of the first resident page from `from` on, or 0. The region must be drained. */
  *nextPage(from: number): Code<number> {
    return yield* (yield* this.tree()).lockedNext(from);
  }

  /** Saves dirty pages and gives all memory back; gives 0 or the first error. The pages must be unmapped. */
  *discard(local: number): Code<number> {
    let result = 0;
    for (let page = yield* this.nextPage(0); page !== 0; ) {
      const index = yield load(page + PAGE.index);
      const frame = yield load(page + PAGE.frame);
      if ((yield load(page + PAGE.dirty)) !== 0) {
        const saved = yield* this.save(frame, index);
        if (result === 0) result = saved;
      }
      yield* releaseFrame(local, frame);
      page = yield* this.forget(page, index);
    }
    yield* (yield* this.tree()).lockedFree();
    return result;
  }

  private *forget(page: number, index: number): Code<number> {
    const tree = yield* this.tree();
    yield store(yield* tree.lockedSlot(index), 0);
    yield* free(page);
    return yield* tree.lockedNext(index + 1);
  }
}
