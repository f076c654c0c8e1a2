/**
 * The pages of private memory that differ from those of another FCM, the parent: of memory that was copied by fork, or
 * of a disk extent that is mapped privately. Works like any FCM, except that a page which it does not have is the
 * parent's, or that of the parent's parent; who only reads it gets that one, and a store makes a page of its own.
 *
 * A parent that was copied by fork is frozen: no region uses it, and nobody stores to its pages. Each frame so has one
 * owner. A copy is mapped in one address space only, page n at `origin` + n pages (Mach's shadow objects, Rashid et al.,
 * 1987; K42's FCMs of computation regions).
 *
 * *Locking:* as any FCM. A page of an ancestor is mapped under the lock of the part that would have one of its own; so
 * whoever has entered its busy descriptor there finds all such mappings made, and no new one is. Locks of a copy are
 * taken before those of its parent. `parent` is changed when nobody is inside (`absorb`).
 */
import { call, type Code, fetchAndAdd, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { copyFrame, zeroFrame } from '../memory/frame.ts';
import { free } from '../memory/heap.ts';
import { beginCall, type Call, endCall } from '../objects/calls.ts';
import { ROOT } from '../objects/root.ts';
import { deref } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { type Fcm, type Found, foundOwn } from './fcm.ts';
import { FcmAnonymous } from './fcm-anonymous.ts';
import { FCM } from './fcm-layout.ts';
import { forgetPage, lockedTakeOutPage, placeAfter, takeFrom } from './fcm-pages.ts';
import { noteFrame } from './frame-table.ts';
import { Hat } from './hat.ts';
import { PAGE, PAGE_STATE, unpinPage } from './page-descriptor.ts';
import type { PageRange } from './page-range.ts';
import { PTE } from './page-table.ts';
import type { PageTree } from './page-tree.ts';
import { countPaging } from './paging.ts';
import { PAGING } from './paging-layout.ts';
import { treeOf } from './part-tree.ts';
import { wantsReplica } from './placement.ts';
import type { Access } from './process.ts';

/** No frame was filled, and no error met. */
const NONE = 1;

/** Chooses the view of an FCM by its class word. */
type ViewOf = (call: Call) => Code<Fcm>;

export class FcmCopy extends FcmAnonymous {
  private readonly viewOf: ViewOf;
  constructor(address: number, viewOf: ViewOf) {
    super(address);
    this.viewOf = viewOf;
  }

  protected override part(rep: number): Fcm {
    return new FcmCopy(rep, this.viewOf);
  }

  // DOC: copy-get-page
  override *getPage(home: number, index: number, access: Access): Code<Found> {
    if (access === 'load' && (yield* this.peek(index)) === 0) {
      const page = yield* this.inherited(home, index);
      if (page < 0) return foundOwn(page);
      if (page !== 0 && !(yield* wantsReplica(this.address, home, page))) return { page, own: false };
      if (page !== 0) {
        yield* unpinPage(page);
        yield* countPaging(PAGING.replicated);
      }
    }
    return yield* super.getPage(home, index, access);
  }

  override *source(home: number, index: number): Code<number> {
    if ((yield* this.peek(index)) === 0) return yield* this.inherited(home, index);
    return (yield* super.getPage(home, index, 'load')).page;
  }

  /** The page that an ancestor has, 0, or an error. */
  private *inherited(home: number, index: number): Code<number> {
    return yield* this.above(0, (parent) => parent.source(home, index));
  }

  /** Asks the parent, if there is one; else gives `none`. */
  private *above(none: number, ask: (parent: Fcm) => Code<number>): Code<number> {
    const ref = yield* this.parent();
    if (ref === 0) return none;
    const inside = yield* beginCall(ref);
    const answer = yield* call(ask(yield* this.viewOf(inside)));
    yield* endCall(inside);
    return answer;
  }

  // DOC: copy-map-inherited
  override *mapInherited(hat: Hat, index: number, page: number): Code<number> {
    const address = yield* this.addressOf(index);
    const rep = yield* this.partFor(index);
    if (rep === 0 || !(yield* hat.prepare(address))) return ERROR.ENOMEM;
    yield* acquire(rep + FCM.lock);
    const slot = yield* (yield* treeOf(rep)).lockedSlot(yield* this.keyOf(index));
    // A page of one's own has come meanwhile: then that one is to be mapped, and the fault looks again.
    const stale = slot !== 0 && (yield load(slot)) !== 0;
    const mapped = stale ? 0 : yield* hat.map(address, yield load(page + PAGE.frame), false);
    if (mapped > 0) yield fetchAndAdd(page + PAGE.mappings, 1);
    yield* release(rep + FCM.lock);
    return mapped;
  }

  // DOC: copy-fill
  override *fill(frame: number, index: number, slot: number): Code<number> {
    const local = yield* localBase();
    const page = slot === 0 ? yield* this.inherited(local, index) : 0;
    if (page < 0) return page;
    if (page === 0) return yield* super.fill(frame, index, slot);
    yield* step(STEP.copyPage, index, copyFrame(frame, yield load(page + PAGE.frame)));
    yield* this.disconnect(index, page);
    yield* unpinPage(page);
    return 0;
  }

  /** Takes an ancestor's page out of the page table and, before it returns, out of every TLB. */
  private *disconnect(index: number, page: number): Code {
    const hat = new Hat(yield* deref(yield load(this.address + FCM.hat)));
    const address = yield* this.addressOf(index);
    const entry = yield* hat.unmap(address);
    // Without an entry somebody else may have taken it out, who has not yet come to the shootdown.
    if (entry === 0 && (yield load(page + PAGE.mappings)) === 0) return;
    if ((entry & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);
    yield* hat.shootdown(address, 1);
    if (entry !== 0) yield fetchAndAdd(page + PAGE.mappings, -1);
  }

  // DOC: copy-take-over
  /** Nobody else has a frozen parent any more: its page becomes one's own, frame, mapping and all. */
  protected override *bringIn(tree: PageTree, home: number, page: number, key: number): Code<number> {
    const index = yield load(page + PAGE.index);
    const inSwap = (yield load(page + PAGE.slot)) !== 0;
    const taken = inSwap ? 0 : yield* this.above(0, (parent) => takeIdle(parent, index));
    if (taken === 0) return yield* super.bringIn(tree, home, page, key);
    yield* this.adopt(home, taken);
    yield* acquire(this.address + FCM.lock);
    yield store(yield* tree.lockedSlot(key), taken);
    yield store(taken + PAGE.state, PAGE_STATE.valid);
    yield fetchAndAdd(taken + PAGE.pins, 1);
    yield* lockedWakeAll(new WaitQueue(page + PAGE.waiters), 0);
    yield* release(this.address + FCM.lock);
    yield* free(page);
    return taken;
  }

  /** Notes where the page in a frame belongs now. */
  private *adopt(local: number, page: number): Code {
    const ref = yield load((yield load(this.address + FCM.root)) + ROOT.ref);
    yield* noteFrame(local, yield load(page + PAGE.frame), ref, yield load(page + PAGE.index));
  }

  /** Takes all pages of a parent, where it has none itself; gives false, with some of them left, if there is no memory. Nobody may be inside. */
  *takeAll(local: number, parent: Fcm): Code<boolean> {
    const range = { first: 0, pages: yield load(this.address + FCM.pages) };
    const parts = yield load(parent.address + FCM.parts);
    for (let part = 0; part < parts; part += 1) {
      const rep = yield* parent.repOfPart(part);
      if (rep !== 0 && !(yield* this.takePart(local, rep, range))) return false;
    }
    return true;
  }

  /** The same of one part of the parent. */
  private *takePart(local: number, rep: number, range: PageRange): Code<boolean> {
    for (let next = 0; ; ) {
      const page = yield* takeFrom(local, rep, next, range);
      if (page === 0) return true;
      next = yield* placeAfter(rep, page);
      const index = yield load(page + PAGE.index);
      const part = yield* this.partFor(index);
      const slot =
        part === 0 ? 0 : yield* (yield* treeOf(part)).lockedMakeSlot(local, yield* this.keyOf(index));
      if (slot === 0) {
        yield* putBack(rep, page);
        return false;
      }
      if ((yield load(slot)) !== 0) yield* forgetPage(local, page);
      else {
        if ((yield load(page + PAGE.frame)) !== 0) yield* this.adopt(local, page);
        yield* settle(page);
        yield store(slot, page);
      }
    }
  }

  override *holderOf(index: number, frame: number): Code<number> {
    const own = yield* this.findPage(index);
    if (own !== 0 && (yield load(own + PAGE.frame)) === frame) return own;
    return yield* this.above(0, (parent) => parent.holderOf(index, frame));
  }

  /** A page that an ancestor has become other than it was at first has to be hidden by one that is as at first. */
  override *dropPages(local: number, range: PageRange): Code<number> {
    yield* this.removePages(local, range);
    for (let index = range.first; index < range.first + range.pages; index += 1) {
      if ((yield* this.changedAbove(index)) === 0) continue;
      const { page } = yield* super.getPage(local, index, 'store');
      if (page < 0) return page;
      const failure = yield* this.original(yield load(page + PAGE.frame), index);
      // It must not be forgotten, or the ancestor's would be back.
      yield store(page + PAGE.dirty, 1);
      yield* unpinPage(page);
      if (failure !== 0) return failure;
    }
    return 0;
  }

  override *changed(index: number): Code<number> {
    return (yield* this.peek(index)) || (yield* this.changedAbove(index));
  }

  private *changedAbove(index: number): Code<number> {
    return yield* this.above(0, (parent) => parent.changed(index));
  }

  override *original(frame: number, index: number): Code<number> {
    const copied = yield* this.above(NONE, (parent) => parent.original(frame, index));
    if (copied !== NONE) return copied;
    yield* zeroFrame(yield* localBase(), frame);
    return 0;
  }

  private *addressOf(index: number): Code<number> {
    return (yield load(this.address + FCM.origin)) + (index << PAGE_SHIFT);
  }
}

/** Takes a page that nobody needs just now out of an FCM that only the caller uses; gives its descriptor, busy, or 0. */
function* takeIdle(fcm: Fcm, index: number): Code<number> {
  if (!fcm.givesPages || (yield* fcm.others()) > 0) return 0;
  const parts = yield load(fcm.address + FCM.parts);
  const part = yield* fcm.repOfPart(index % parts);
  if (part === 0) return 0;
  yield* acquire(part + FCM.lock);
  const slot = yield* (yield* treeOf(part)).lockedSlot((index / parts) | 0);
  const page = slot === 0 ? 0 : yield load(slot);
  const isIdle =
    page !== 0 &&
    (yield load(page + PAGE.state)) === PAGE_STATE.valid &&
    (yield load(page + PAGE.pins)) === 0;
  if (isIdle) yield* lockedTakeOutPage(part, page);
  yield* release(part + FCM.lock);
  return isIdle ? page : 0;
}

/** Puts a page back that was taken from a part, where its place in the tree is still there. */
function* putBack(part: number, page: number): Code {
  const key = ((yield load(page + PAGE.index)) / (yield load(part + FCM.parts))) | 0;
  yield* settle(page);
  yield* acquire(part + FCM.lock);
  yield store(yield* (yield* treeOf(part)).lockedSlot(key), page);
  yield* release(part + FCM.lock);
}

/** A page that was taken is in memory or in swap, as it was. */
function* settle(page: number): Code {
  const isResident = (yield load(page + PAGE.frame)) !== 0;
  yield store(page + PAGE.state, isResident ? PAGE_STATE.valid : PAGE_STATE.out);
}
