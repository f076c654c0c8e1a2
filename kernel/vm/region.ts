/**
 * Region: a range of user addresses with one protection, backed by an FCM. A representative for a group of harts
 * has a copy of the facts, and counts the faults and copies of these harts that are inside.
 *
 * Existence: a region that is to go is first unlinked from the process's list and stopped, so that nobody enters any
 * more; then each representative is drained; then it is destroyed.
 *
 * *Locking:* `inUse` is a counting lock, closed when the region is stopped; `lock` guards `drainers`; `stopped`, for
 * representatives that are made later, is set under the lock of the root; the rest is fixed.
 */
import { call, type Code, fetchAndAdd, load, panic, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { MAP } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { HART, localBase } from '../hart-local.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { closeCounted, enterCounted, insideOf, leaveCounted } from '../locks/counted.ts';
import { acquire, release } from '../locks/mcs.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { clusterSize, degreeOf, firstDegree } from '../objects/degree.ts';
import { startSwap } from '../objects/hot-swap.ts';
import { MANY_MOVES, noteUse, OBSERVED } from '../objects/observed.ts';
import { destroyOwned, prepareObject, publishObject } from '../objects/object.ts';
import { Root, ROOT } from '../objects/root.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { TYPE } from '../objects/types.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { onLine, struct, word, words } from '../struct.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { View } from '../view.ts';
import { createFcm, destroyFcm, fcmDegree, fcmOf, shareFcm } from './fcm-kinds.ts';
import { GATE } from './gate.ts';
import { Hat, pageOf } from './hat.ts';
import { Gate } from './locking.ts';
import { PAGE } from './page-descriptor.ts';
import { PTE } from './page-table.ts';
import type { Access, MapRequest } from './process.ts';

export const REGION = struct({
  class: word,
  root: word,
  base: word,
  pages: word,
  flags: word,
  fcm: word,
  hat: word,
  /** Its FCM has other regions, too: it is not replaced. */
  shared: word,
  /** Nobody may enter any more. */
  stopped: word,

  inUse: onLine(),
  lock: word,
  drainers: words(2),
  gate: words(GATE.SIZE / 4),
  observed: words(OBSERVED.SIZE / 4),
});

export class Region extends View {
  // DOC: region-enter
  /** Counts the caller in, on a temporary reference; gives whether the region may still be entered. */
  *enter(): Code<boolean> {
    // A representative that was made after the stop has never been open.
    if ((yield load(this.address + REGION.stopped)) !== 0) return false;
    return yield* enterCounted(this.address + REGION.inUse);
  }

  /** Counts the caller out. The region may go afterwards; its memory stays as long as the temporary reference. */
  *leave(): Code {
    if (!(yield* leaveCounted(this.address + REGION.inUse))) return;
    yield* acquire(this.address + REGION.lock);
    yield* lockedWakeAll(new WaitQueue(this.address + REGION.drainers), 0);
    yield* release(this.address + REGION.lock);
  }

  *allows(access: Access): Code<boolean> {
    const flags = yield load(this.address + REGION.flags);
    return (flags & (access === 'store' ? MAP.WRITE : MAP.READ | MAP.WRITE)) !== 0;
  }

  // DOC: region-handle-fault
  /** Brings a page in and maps it; gives 0 or an error. The region must have been entered. */
  *handleFault(address: number): Code<number> {
    const page = yield* this.getPage(yield* localBase(), address);
    if (page < 0) return page;
    const frame = yield load(page + PAGE.frame);
    const writable = ((yield load(this.address + REGION.flags)) & MAP.WRITE) !== 0;
    const ref = yield load(this.address + REGION.hat);
    const hat = new Hat(yield* deref(ref));
    const mapped = yield* step(STEP.hatMap, ref, hat.map(pageOf(address), frame, writable));
    if (mapped > 0) yield fetchAndAdd(page + PAGE.mappings, 1);
    yield* this.adapt(yield* localBase());
    return Math.min(mapped, 0);
  }

  // DOC: region-adapt
  /** Where objects adapt: gives a region whose faults come from many harts the degree of clustering of its type. */
  private *adapt(local: number): Code {
    if ((yield load(local + HART.adapt)) === 0) return;
    if ((yield* noteUse(local, this.address + REGION.observed)) < MANY_MOVES) return;
    if ((yield load((yield load(this.address + REGION.root)) + ROOT.clusters)) > 1) return;
    // Where one representative is what the types have, or all that so few harts can have, there is nothing to gain.
    const { region, fcm } = yield* this.sizes(local, undefined);
    if (Math.min(region, fcm) < (yield load(local + HART.harts))) yield* this.spread(local, undefined);
  }

  /** Harts that are to share a representative of the region, and of its FCM, by a degree (default: of their types). */
  private *sizes(
    local: number,
    degree: number | undefined,
  ): Code<{ readonly region: number; readonly fcm: number }> {
    const own = degree ?? (yield* degreeOf(local, TYPE.region));
    const pages = degree ?? (yield* fcmDegree(local, yield load(this.address + REGION.pages)));
    return { region: yield* clusterSize(local, own), fcm: yield* clusterSize(local, pages) };
  }

  /**
   * Begins to replace the region, and its FCM, by ones with another degree (default: those of their types); gives 0,
   * EBUSY if one is being replaced, or ENOMEM. The caller has a temporary reference.
   */
  *spread(local: number, degree: number | undefined): Code<number> {
    if ((yield load(this.address + REGION.shared)) !== 0) return ERROR.EINVAL;
    const { region, fcm } = yield* this.sizes(local, degree);
    const root = yield load(this.address + REGION.root);
    const swapped = yield* startSwap(local, yield load(root + ROOT.ref), { size: region });
    if (swapped !== 0) return swapped;
    return yield* startSwap(local, yield load(this.address + REGION.fcm), { size: fcm });
  }

  /** The descriptor of the page of an address, filled; or an error. `home` is whose memory is preferred. */
  *getPage(home: number, address: number): Code<number> {
    const ref = yield load(this.address + REGION.fcm);
    const index = (address - (yield load(this.address + REGION.base))) >>> PAGE_SHIFT;
    const call = yield* beginCall(ref);
    const fcm = yield* fcmOf(call);
    const page = yield* step(STEP.fcmGetPage, ref, fcm.getPage(home, index));
    yield* endCall(call);
    return page;
  }

  /** Takes the gates of the region and of what is below it: the traditional form of locking. */
  *openGates(): Code {
    yield* new Gate(this.address + REGION.gate).acquire();
    const call = yield* beginCall(yield load(this.address + REGION.fcm));
    yield* (yield* fcmOf(call)).openGates();
    yield* endCall(call);
  }

  /** Gives them back. */
  *closeGates(): Code {
    const call = yield* beginCall(yield load(this.address + REGION.fcm));
    yield* (yield* fcmOf(call)).closeGates();
    yield* endCall(call);
    yield* new Gate(this.address + REGION.gate).release();
  }

  // DOC: region-stop
  /** Lets nobody enter any more, and waits until nobody is inside. */
  *drain(local: number): Code {
    const root = new Root(yield load(this.address + REGION.root));
    const lock = root.address + ROOT.lock;
    yield* acquire(lock);
    for (
      let cluster = yield* root.nextCluster(local, 0);
      cluster >= 0;
      cluster = yield* root.nextCluster(local, cluster + 1)
    ) {
      const rep = yield* root.repAt(local, cluster);
      yield store(rep + REGION.stopped, 1);
      yield* closeCounted(rep + REGION.inUse);
    }
    yield* release(lock);
    for (
      let cluster = yield* root.nextCluster(local, 0);
      cluster >= 0;
      cluster = yield* root.nextCluster(local, cluster + 1)
    ) {
      yield* new Region(yield* root.repAt(local, cluster)).drainOwn();
    }
  }

  /** Waits until nobody is inside on the harts of this representative. */
  private *drainOwn(): Code {
    for (;;) {
      yield* acquire(this.address + REGION.lock);
      if (insideOf(yield load(this.address + REGION.inUse)) === 0) break;
      const thread = yield* currentThread();
      const base = yield load(this.address + REGION.base);
      yield* lockedPrepareWait(thread, this.address + REGION.drainers, WAIT.region, base);
      yield* release(this.address + REGION.lock);
      yield* wait(thread, 0);
    }
    yield* release(this.address + REGION.lock);
  }

  // DOC: region-unmap-pages
  /** Takes every page out of the page table and, before it returns, out of every TLB. */
  *unmapPages(): Code {
    const base = yield load(this.address + REGION.base);
    const call = yield* beginCall(yield load(this.address + REGION.fcm));
    const fcm = yield* fcmOf(call);
    const hat = new Hat(yield* deref(yield load(this.address + REGION.hat)));
    let mapped = 0;
    for (let page = yield* fcm.firstPage(); page !== 0; page = yield* fcm.pageAfter(page)) {
      const index = yield load(page + PAGE.index);
      const entry = yield* hat.unmap(base + (index << PAGE_SHIFT));
      if (entry === 0) continue;
      mapped += 1;
      yield fetchAndAdd(page + PAGE.mappings, -1);
      if ((entry & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);
    }
    yield* endCall(call);
    if (mapped > 0) yield* hat.shootdown(base, yield load(this.address + REGION.pages));
  }
}

/** Makes a region and its FCM; gives its reference, or 0 if there is no memory. */
export function* createRegion(local: number, hat: ObjRef, base: number, request: MapRequest): Code<ObjRef> {
  const fcm = yield* request.fcm === undefined ? createFcm(local, request) : shareFcm(local, request.fcm);
  if (fcm === 0) return 0;
  const made = yield* prepareObject(local, {
    classWord: CLASS.region,
    bytes: REGION.SIZE,
    fixed: REGION.inUse,
    degree: yield* firstDegree(local, yield* degreeOf(local, TYPE.region)),
  });
  const { ref, rep } = made;
  if (ref === 0) {
    yield* destroyFcm(local, fcm);
    return 0;
  }
  yield store(rep + REGION.base, base);
  yield store(rep + REGION.pages, request.pages);
  yield store(rep + REGION.flags, request.flags);
  yield store(rep + REGION.fcm, fcm);
  yield store(rep + REGION.hat, hat);
  yield store(rep + REGION.shared, request.fcm === undefined ? 0 : 1);
  yield* publishObject(local, made);
  return ref;
}

/** Destroys a region that nobody can find any more, with its pages; gives 0, or EIO if one was not written back. */
export function* destroyRegion(local: number, ref: ObjRef): Code<number> {
  const inside = yield* beginCall(ref);
  if (inside.rep === 0) yield panic(PANIC.destroyedTwice);
  const region = new Region(inside.rep);
  yield* call(region.drain(local));
  yield* step(STEP.regionUnmap, ref, region.unmapPages());
  const result = yield* call(destroyFcm(local, yield load(region.address + REGION.fcm)));
  yield* destroyOwned(local, ref);
  yield* endCall(inside);
  return result;
}
