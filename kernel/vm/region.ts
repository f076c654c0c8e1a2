/**
 * Region: a range of user addresses with one protection, backed by an FCM. A representative for a group of harts
 * has a copy of the facts, and counts the faults and copies of these harts that are inside.
 *
 * Existence: a region that is to go is first unlinked from the process's list and stopped, so that nobody enters any
 * more; then each representative is drained (region-drain.ts); then it is destroyed (create-region.ts).
 *
 * *Locking:* see region-layout.ts.
 */
import { type Code, fetchAndAdd, load, step } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { MAP } from '../abi/flags.ts';
import { HART, localBase } from '../hart-local.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { View } from '../view.ts';
import type { Fcm, Found } from './fcm.ts';
import { fcmOf } from './fcm-kinds.ts';
import { Hat, pageOf } from './hat.ts';
import { Gate } from './locking.ts';
import { PAGE, unpinPage } from './page-descriptor.ts';
import { moveNear } from './page-move.ts';
import { makeRoom } from './page-frames.ts';
import type { Access } from './process.ts';
import { adaptRegion } from './region-adapt.ts';
import { REGION } from './region-layout.ts';
import { enterRegion, leaveRegion } from './region-use.ts';

export class Region extends View {
  /** Counts the caller in, on a temporary reference; gives whether the region may still be entered. */
  *enter(): Code<boolean> {
    return yield* enterRegion(this.address);
  }

  /** Counts the caller out. The region may go afterwards; its memory stays as long as the temporary reference. */
  *leave(): Code {
    yield* leaveRegion(this.address);
  }

  *allows(access: Access): Code<boolean> {
    const flags = yield load(this.address + REGION.flags);
    return (flags & (access === 'store' ? MAP.WRITE : MAP.READ | MAP.WRITE)) !== 0;
  }

  // DOC: region-handle-fault
  /** Brings a page in and maps it; gives 0 or an error. The region must have been entered. */
  *handleFault(address: number, access: Access): Code<number> {
    const fcmRef = yield load(this.address + REGION.fcm);
    const inside = yield* beginCall(fcmRef);
    const fcm = yield* fcmOf(inside);
    const index = yield* this.indexOf(address);
    const found = yield* obtain(fcmRef, fcm, yield* localBase(), index, access);
    let mapped = found.page;
    if (found.page > 0) {
      mapped = yield* this.mapPage(fcm, pageOf(address), index, found);
      yield* unpinPage(found.page);
    }
    yield* endCall(inside);
    yield* adaptRegion(yield* localBase(), this.address);
    return Math.min(mapped, 0);
  }

  /** Maps a page that is pinned; gives 1, 0 if it was mapped already, or ENOMEM if there is no memory for a page table. */
  private *mapPage(fcm: Fcm, address: number, index: number, { page, own }: Found): Code<number> {
    const ref = yield load(this.address + REGION.hat);
    const hat = new Hat(yield* deref(ref));
    for (;;) {
      const code = own ? this.mapOwn(hat, address, page) : fcm.mapInherited(hat, index, page);
      const mapped = yield* step(STEP.hatMap, ref, code);
      if (mapped !== ERROR.ENOMEM) return mapped;
      if (!(yield* makeRoom(yield load((yield* localBase()) + HART.node)))) return mapped;
    }
  }

  private *mapOwn(hat: Hat, address: number, page: number): Code<number> {
    const writable = ((yield load(this.address + REGION.flags)) & MAP.WRITE) !== 0;
    const mapped = yield* hat.map(address, yield load(page + PAGE.frame), writable);
    if (mapped > 0) yield fetchAndAdd(page + PAGE.mappings, 1);
    return mapped;
  }

  /** Which page of its FCM lies at an address. */
  private *indexOf(address: number): Code<number> {
    const page = (address - (yield load(this.address + REGION.base))) >>> PAGE_SHIFT;
    return page + (yield load(this.address + REGION.offset));
  }

  /** The descriptor of the page of an address, filled for such an access and pinned; or an error. `home` is whose memory is preferred. */
  *getPage(home: number, address: number, access: Access): Code<number> {
    const ref = yield load(this.address + REGION.fcm);
    const index = yield* this.indexOf(address);
    const call = yield* beginCall(ref);
    const fcm = yield* fcmOf(call);
    const { page } = yield* obtain(ref, fcm, home, index, access);
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
}

/** Gets a page of an FCM, near the hart at `home` if it is to follow those who use it. */
function* obtain(ref: ObjRef, fcm: Fcm, home: number, index: number, access: Access): Code<Found> {
  const found = yield* step(STEP.fcmGetPage, ref, fcm.getPage(home, index, access));
  if (found.own && found.page > 0) yield* moveNear(home, fcm.address, found.page);
  return found;
}
