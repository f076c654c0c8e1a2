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
import { deref } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { View } from '../view.ts';
import { fcmOf } from './fcm-kinds.ts';
import { Hat, pageOf } from './hat.ts';
import { Gate } from './locking.ts';
import { PAGE, unpinPage } from './page-descriptor.ts';
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
  *handleFault(address: number): Code<number> {
    const page = yield* this.getPage(yield* localBase(), address);
    if (page < 0) return page;
    const mapped = yield* this.mapPage(pageOf(address), page);
    yield* unpinPage(page);
    yield* adaptRegion(yield* localBase(), this.address);
    return Math.min(mapped, 0);
  }

  /** Maps a page that is pinned; gives 1, 0 if it was mapped already, or ENOMEM if there is no memory for a page table. */
  private *mapPage(address: number, page: number): Code<number> {
    const frame = yield load(page + PAGE.frame);
    const writable = ((yield load(this.address + REGION.flags)) & MAP.WRITE) !== 0;
    const ref = yield load(this.address + REGION.hat);
    const hat = new Hat(yield* deref(ref));
    for (;;) {
      const mapped = yield* step(STEP.hatMap, ref, hat.map(address, frame, writable));
      if (mapped > 0) yield fetchAndAdd(page + PAGE.mappings, 1);
      if (mapped !== ERROR.ENOMEM) return mapped;
      if (!(yield* makeRoom(yield load((yield* localBase()) + HART.node)))) return mapped;
    }
  }

  /** Which page of its FCM lies at an address. */
  private *indexOf(address: number): Code<number> {
    const page = (address - (yield load(this.address + REGION.base))) >>> PAGE_SHIFT;
    return page + (yield load(this.address + REGION.offset));
  }

  /** The descriptor of the page of an address, filled and pinned; or an error. `home` is whose memory is preferred. */
  *getPage(home: number, address: number): Code<number> {
    const ref = yield load(this.address + REGION.fcm);
    const index = yield* this.indexOf(address);
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
}
