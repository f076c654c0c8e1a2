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
import { MAP } from '../abi/flags.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { enterCounted, leaveCounted } from '../locks/counted.ts';
import { acquire, release } from '../locks/mcs.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { deref } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWakeAll } from '../threads/wake.ts';
import { View } from '../view.ts';
import { fcmOf } from './fcm-kinds.ts';
import { Hat, pageOf } from './hat.ts';
import { Gate } from './locking.ts';
import { PAGE } from './page-descriptor.ts';
import type { Access } from './process.ts';
import { adaptRegion } from './region-adapt.ts';
import { REGION } from './region-layout.ts';

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
    yield* adaptRegion(yield* localBase(), this.address);
    return Math.min(mapped, 0);
  }

  /** Which page of its FCM lies at an address. */
  private *indexOf(address: number): Code<number> {
    const page = (address - (yield load(this.address + REGION.base))) >>> PAGE_SHIFT;
    return page + (yield load(this.address + REGION.offset));
  }

  /** The descriptor of the page of an address, filled; or an error. `home` is whose memory is preferred. */
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
