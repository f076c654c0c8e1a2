/**
 * The Process object as the root of its address space: Process → Region → FCM → COR and DSM → HAT.
 *
 * A view of one representative. What it does not remember is in the record of the process.
 *
 * *Locking:* a lock is held for the search only. The region that is found is a temporary reference until it is
 * entered (its in-use count and that of the process raised); then it exists until it is left, and no lock is held.
 * With hierarchical locking the gates of process, region, FCM and COR are held instead (locking.ts).
 */
import { call, type Code, load, step } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquireRead, releaseRead } from '../locks/reader-writer.ts';
import { beginCall, endCall, NO_CALL } from '../objects/calls.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { enterProcess, leaveProcess } from '../processes/in-use.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { View } from '../view.ts';
import { type Change, changeSpace } from './change-space.ts';
import { awaitChange, type ClaimRequest } from './claim.ts';
import { type Entered, refused } from './entered.ts';
import { forkSpace } from './fork-space.ts';
import { Gate, isHierarchical } from './locking.ts';
import type { MapRequest } from './map-request.ts';
import { growRegion, mapRegion, unmapEverything } from './mapping.ts';
import { whyRefused } from './red-zone.ts';
import { Region } from './region.ts';
import { spreadRegion } from './region-adapt.ts';
import { keepReserve } from './page-frames.ts';
import { setPlacement } from './placement.ts';
import { REGION } from './region-layout.ts';
import { LINK, LINK_STATE, RegionList } from './region-list.ts';
import { lockedRemember, remembered } from './remembered-regions.ts';
import { unmapResident } from './unmap-resident.ts';

/** How an instruction accesses memory. */
export type Access = 'load' | 'store';

/** Instead of a reference: the region is being changed, or may grow as far as to have the address. */
const CHANGING = -1;
const GROWS = -2;

export class Process extends View {
  private *record(): Code<number> {
    return yield load(this.address + PROCESS_REP.record);
  }

  // DOC: process-handle-fault
  /** Brings the page of an address in and maps it; gives 0 or EFAULT, ENOMEM, EIO. */
  *handleFault(address: number, access: Access): Code<number> {
    const entered = yield* this.enterRegion(address, access);
    if (entered.error !== 0) return entered.error;
    const region = new Region(entered.call.rep);
    const result = yield* step(STEP.regionHandleFault, entered.ref, region.handleFault(address, access));
    yield* this.leaveRegion(entered);
    return result;
  }

  /** Finds and enters the region that allows an access; or EFAULT. */
  *enterRegion(address: number, access: Access): Code<Entered> {
    const entered = yield* step(
      STEP.regionLookup,
      yield load(this.address + PROCESS_REP.ref),
      this.lookup(address),
    );
    if (entered.error !== 0 || (yield* new Region(entered.call.rep).allows(access))) return entered;
    yield* this.leaveRegion(entered);
    return refused(ERROR.EFAULT);
  }

  /** Leaves a region that was entered on this hart. It may be gone afterwards. */
  *leaveRegion({ call }: Entered): Code {
    const region = new Region(call.rep);
    if (yield* isHierarchical(yield* localBase())) {
      yield* region.closeGates();
      yield* endCall(call);
      yield* new Gate((yield* this.record()) + PROCESS.gate).release();
      return;
    }
    yield* region.leave();
    yield* endCall(call);
    // After the region: as long as a descendant is in use, so is its ancestor.
    yield* leaveProcess(this.address);
  }

  // DOC: region-replace
  /** Begins to give the region of an address another degree of clustering; gives 0 or EFAULT, EBUSY, ENOMEM. */
  *replaceRegion(local: number, address: number, degree: number | undefined): Code<number> {
    const entered = yield* this.lookup(address);
    if (entered.error !== 0) return entered.error;
    const result = yield* spreadRegion(local, entered.call.rep, degree);
    yield* this.leaveRegion(entered);
    return result;
  }

  /** Takes pages of one region out of the page table and all TLBs, but leaves them in memory; gives 0 or EFAULT. */
  *unmapPages(address: number, pages: number): Code<number> {
    const entered = yield* this.lookup(address);
    if (entered.error !== 0) return entered.error;
    const fits = yield* unmapResident(entered.call.rep, address, pages);
    yield* this.leaveRegion(entered);
    return fits ? 0 : ERROR.EFAULT;
  }

  /** Gives the memory behind the region of an address another placement; gives 0 or EFAULT. */
  *placeMemory(address: number, placement: number, node: number): Code<number> {
    const entered = yield* this.lookup(address);
    if (entered.error !== 0) return entered.error;
    const call = yield* beginCall(yield load(entered.call.rep + REGION.fcm));
    yield* setPlacement(call.rep, placement, node);
    yield* endCall(call);
    yield* this.leaveRegion(entered);
    return 0;
  }

  /** Finds and enters the region of an address, whatever it allows; or EFAULT. */
  *lookup(address: number): Code<Entered> {
    for (;;) {
      const local = yield* localBase();
      if (yield* isHierarchical(local)) return yield* this.lookupLocked(address);
      yield* enterProcess(local, this.address);
      const ref = (yield* remembered(this.address, address)) || (yield* this.lookupRecord(address));
      const call = ref > 0 ? yield* beginCall(ref) : NO_CALL;
      if (call.rep !== 0 && (yield* new Region(call.rep).enter())) return { error: 0, ref, call };
      yield* endCall(call);
      yield* leaveProcess(this.address);
      if (ref === 0) return refused(ERROR.EFAULT);
      if (ref === GROWS && !(yield* growRegion(yield* this.record(), address))) return refused(ERROR.EFAULT);
      // It was stopped after it was found, or is being changed: then another one takes its place.
      if (ref === CHANGING) yield* awaitChange(yield* this.record(), address, address + 1);
    }
  }

  /** The region that covers an address, from the list of the process; 0 if there is none, CHANGING or GROWS. */
  private *lookupRecord(address: number): Code<ObjRef> {
    const record = yield* this.record();
    yield* acquireRead(record + PROCESS.regionLock);
    const link = yield* regionsOf(record).lockedFrom(address);
    const ref = link === 0 ? 0 : yield* this.lockedRegionOf(link, address);
    yield* releaseRead(record + PROCESS.regionLock);
    return ref;
  }

  private *lockedRegionOf(link: number, address: number): Code<ObjRef> {
    const state = yield load(link + LINK.state);
    if (address < (yield load(link + LINK.floor))) return 0;
    if (state === LINK_STATE.changing) return CHANGING;
    if (state !== LINK_STATE.live) return 0;
    if (address < (yield load(link + LINK.base)))
      return address < (yield load(link + LINK.floor)) + PAGE_SIZE ? 0 : GROWS;
    yield* lockedRemember(this.address, link);
    return yield load(link + LINK.region);
  }

  /** Why an access to an address was refused, for a message. */
  *whyRefused(address: number): Code<string> {
    return yield* whyRefused(yield* this.record(), address);
  }

  // DOC: lookup-locked
  /** The traditional form: one lock inside the other, all held until the region is left. */
  private *lookupLocked(address: number): Code<Entered> {
    const record = yield* this.record();
    const gate = new Gate(record + PROCESS.gate);
    yield* gate.acquire();
    yield* acquireRead(record + PROCESS.regionLock);
    const link = yield* regionsOf(record).lockedFrom(address);
    const ref = link === 0 ? 0 : yield* this.lockedRegionOf(link, address);
    yield* releaseRead(record + PROCESS.regionLock);
    if (ref === GROWS && (yield* growRegion(record, address))) {
      yield* gate.release();
      return yield* this.lookupLocked(address);
    }
    const call = ref > 0 ? yield* beginCall(ref) : NO_CALL;
    if (call.rep === 0) {
      yield* gate.release();
      return refused(ERROR.EFAULT);
    }
    yield* new Region(call.rep).openGates();
    return { error: 0, ref, call };
  }

  // DOC: process-map
  /** Makes a region; gives its address, or EINVAL, ENOMEM. */
  *map(local: number, request: MapRequest): Code<number> {
    yield* keepReserve();
    return yield* this.changing(local, mapRegion(local, this.address, request));
  }

  /** Removes the region of this kind with exactly these bounds; gives 0, EINVAL, or EIO. */
  *unmap(local: number, base: number, length: number, kind: number): Code<number> {
    const result = yield* this.change(
      local,
      { base, end: base + length, kind, whole: true },
      { kind: 'unmap' },
    );
    return result === ERROR.EFAULT ? ERROR.EINVAL : result;
  }

  /** Changes a range of addresses; gives 0, EINVAL, EFAULT, ENOMEM or EIO. */
  *change(local: number, request: ClaimRequest, change: Change): Code<number> {
    return yield* this.changing(local, changeSpace(local, this.address, request, change));
  }

  /** Copies the address space, on write, to the process of a representative that nobody knows yet; gives 0 or ENOMEM. */
  *fork(local: number, child: number): Code<number> {
    return yield* this.changing(local, forkSpace(local, this.address, child));
  }

  /** Runs code that changes what is mapped; with hierarchical locking under the gate of the process. */
  private *changing(local: number, body: Code<number>): Code<number> {
    if (!(yield* isHierarchical(local))) return yield* call(body);
    const gate = new Gate((yield* this.record()) + PROCESS.gate);
    yield* gate.acquire();
    const result = yield* call(body);
    yield* gate.release();
    return result;
  }

  /** Removes every region; gives 0, or EIO if a page was not written back. No thread of the process may run. */
  *unmapAll(local: number): Code<number> {
    return yield* unmapEverything(local, this.address);
  }
}

const regionsOf = (record: number): RegionList => new RegionList(record + PROCESS.regions);
