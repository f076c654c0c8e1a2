/**
 * Region: a range of user addresses with one protection, backed by an FCM. One shared representative.
 *
 * Existence: `inUse` counts the faults and copies that are inside. A region that is to go is first unlinked from
 * the process's list, so that nobody enters any more, then drained, then destroyed.
 *
 * *Locking:* `lock` guards `drainers` and the fall of `inUse` to 0; `inUse` by fetch-and-add; the rest is fixed.
 */
import { call, type Code, fetchAndAdd, load, step, store } from '../../hw/isa/index.ts';
import { MAP } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { createObject, destroyObject } from '../objects/object.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { onLine, struct, word, words } from '../struct.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { View } from '../view.ts';
import { createFcm, destroyFcm, fcmAt } from './fcm-kinds.ts';
import { Hat, pageOf } from './hat.ts';
import { PAGE } from './page-descriptor.ts';
import { PTE } from './page-table.ts';
import type { Access, MapRequest } from './process.ts';

export const REGION = struct({
  class: word,
  base: word,
  pages: word,
  flags: word,
  fcm: word,
  hat: word,
  inUse: onLine(),
  lock: word,
  drainers: words(2),
});

export class Region extends View {
  /** Raises the in-use count. Only with the process's lock held and the region in its list. */
  *enter(): Code {
    yield fetchAndAdd(this.address + REGION.inUse, 1);
  }

  /** Lowers the in-use count. The region may be gone afterwards. */
  *leave(): Code {
    yield* acquire(this.address + REGION.lock);
    if ((yield fetchAndAdd(this.address + REGION.inUse, -1)) === 1) {
      yield* lockedWakeAll(new WaitQueue(this.address + REGION.drainers), 0);
    }
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
    return Math.min(mapped, 0);
  }

  /** The descriptor of the page of an address, filled; or an error. `home` is whose memory is preferred. */
  *getPage(home: number, address: number): Code<number> {
    const ref = yield load(this.address + REGION.fcm);
    const index = (address - (yield load(this.address + REGION.base))) >>> PAGE_SHIFT;
    const fcm = yield* fcmAt(yield* deref(ref));
    return yield* step(STEP.fcmGetPage, ref, fcm.getPage(home, index));
  }

  /** Waits until nobody is inside. Nobody may be able to enter any more. */
  *drain(): Code {
    for (;;) {
      yield* acquire(this.address + REGION.lock);
      const inUse = yield load(this.address + REGION.inUse);
      if (inUse === 0) break;
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
    const fcm = yield* fcmAt(yield* deref(yield load(this.address + REGION.fcm)));
    const hat = new Hat(yield* deref(yield load(this.address + REGION.hat)));
    let mapped = 0;
    for (let page = yield* fcm.nextPage(0); page !== 0; ) {
      const index = yield load(page + PAGE.index);
      const entry = yield* hat.unmap(base + (index << PAGE_SHIFT));
      if (entry !== 0) {
        mapped += 1;
        yield fetchAndAdd(page + PAGE.mappings, -1);
        if ((entry & PTE.D) !== 0) yield store(page + PAGE.dirty, 1);
      }
      page = yield* fcm.nextPage(index + 1);
    }
    if (mapped > 0) yield* hat.shootdown(base, yield load(this.address + REGION.pages));
  }
}

/** Makes a region and its FCM; gives its reference, or 0 if there is no memory. */
export function* createRegion(local: number, hat: ObjRef, base: number, request: MapRequest): Code<ObjRef> {
  const fcm = yield* createFcm(local, request);
  if (fcm === 0) return 0;
  const ref = yield* createObject(local, CLASS.region, REGION.SIZE);
  if (ref === 0) {
    yield* destroyFcm(local, fcm);
    return 0;
  }
  const rep = yield* deref(ref);
  yield store(rep + REGION.base, base);
  yield store(rep + REGION.pages, request.pages);
  yield store(rep + REGION.flags, request.flags);
  yield store(rep + REGION.fcm, fcm);
  yield store(rep + REGION.hat, hat);
  return ref;
}

/** Destroys a region that nobody can enter any more, with its pages; gives 0, or EIO if one was not written back. */
export function* destroyRegion(local: number, ref: ObjRef): Code<number> {
  const region = new Region(yield* deref(ref));
  yield* call(region.drain());
  yield* step(STEP.regionUnmap, ref, region.unmapPages());
  const result = yield* call(destroyFcm(local, yield load(region.address + REGION.fcm)));
  yield* destroyObject(local, ref, region.address);
  return result;
}
