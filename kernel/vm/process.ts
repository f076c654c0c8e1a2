/**
 * The Process object as the root of its address space: Process → Region → FCM → COR and DSM → HAT.
 *
 * A view of one representative. What it does not remember is in the record of the process.
 *
 * *Locking:* a lock is held for the search only. The region that is found is a temporary reference until it is
 * entered (its in-use count and that of the process raised); then it exists until it is left, and no lock is held.
 * With hierarchical locking the gates of process, region, FCM and COR are held instead (locking.ts).
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquireRead, acquireWrite, releaseRead, releaseWrite } from '../locks/reader-writer.ts';
import { allocate, free } from '../memory/heap.ts';
import { beginCall, endCall, NO_CALL } from '../objects/calls.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { enterProcess, leaveProcess } from '../processes/in-use.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { View } from '../view.ts';
import { type Entered, refused } from './entered.ts';
import { Gate, isHierarchical } from './locking.ts';
import { createRegion, destroyRegion } from './create-region.ts';
import type { MapRequest } from './map-request.ts';
import { Region } from './region.ts';
import { spreadRegion } from './region-adapt.ts';
import { LINK, LINK_KIND, LINK_STATE, RegionList } from './region-list.ts';
import { forgetRegion, lockedRemember, remembered } from './remembered-regions.ts';
import { unmapResident } from './unmap-resident.ts';

/** How an instruction accesses memory. */
export type Access = 'load' | 'store';

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
    const result = yield* step(STEP.regionHandleFault, entered.ref, region.handleFault(address));
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

  private *lookup(address: number): Code<Entered> {
    const local = yield* localBase();
    if (yield* isHierarchical(local)) return yield* this.lookupLocked(address);
    yield* enterProcess(local, this.address);
    const ref = (yield* remembered(this.address, address)) || (yield* this.lookupRecord(address));
    const call = ref > 0 ? yield* beginCall(ref) : NO_CALL;
    if (call.rep !== 0 && (yield* new Region(call.rep).enter())) return { error: 0, ref, call };
    yield* endCall(call);
    yield* leaveProcess(this.address);
    return refused(ERROR.EFAULT);
  }

  /** The region that covers an address, from the list of the process; 0 if there is none. */
  private *lookupRecord(address: number): Code<ObjRef> {
    const record = yield* this.record();
    yield* acquireRead(record + PROCESS.regionLock);
    const link = yield* regionsOf(record).lockedFind(address);
    if (link !== 0) yield* lockedRemember(this.address, link);
    const ref = link === 0 ? 0 : yield load(link + LINK.region);
    yield* releaseRead(record + PROCESS.regionLock);
    return ref;
  }

  // DOC: lookup-locked
  /** The traditional form: one lock inside the other, all held until the region is left. */
  private *lookupLocked(address: number): Code<Entered> {
    const record = yield* this.record();
    const gate = new Gate(record + PROCESS.gate);
    yield* gate.acquire();
    yield* acquireRead(record + PROCESS.regionLock);
    const link = yield* regionsOf(record).lockedFind(address);
    const ref = link === 0 ? 0 : yield load(link + LINK.region);
    yield* releaseRead(record + PROCESS.regionLock);
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
    if (!(yield* isHierarchical(local))) return yield* this.mapRegion(local, request);
    const gate = new Gate((yield* this.record()) + PROCESS.gate);
    yield* gate.acquire();
    const result = yield* this.mapRegion(local, request);
    yield* gate.release();
    return result;
  }

  private *mapRegion(local: number, request: MapRequest): Code<number> {
    const record = yield* this.record();
    const link = yield* allocate(local, LINK.SIZE);
    if (link === 0) return ERROR.ENOMEM;
    const base = yield* reserve(record, link, request);
    if (base < 0) {
      yield* free(link);
      return base;
    }
    const region = yield* createRegion(local, yield load(this.address + PROCESS_REP.hat), base, request);
    yield* acquireWrite(record + PROCESS.regionLock);
    yield store(link + LINK.region, region);
    yield store(link + LINK.state, LINK_STATE.live);
    if (region === 0) yield* regionsOf(record).lockedRemove(link);
    yield* releaseWrite(record + PROCESS.regionLock);
    if (region !== 0) return base;
    yield* free(link);
    return ERROR.ENOMEM;
  }

  /** Removes the region of this kind with exactly these bounds; gives 0, EINVAL, or EIO. */
  *unmap(local: number, base: number, length: number, kind: number): Code<number> {
    if (!(yield* isHierarchical(local))) return yield* this.unmapRegion(local, base, length, kind);
    const gate = new Gate((yield* this.record()) + PROCESS.gate);
    yield* gate.acquire();
    const result = yield* this.unmapRegion(local, base, length, kind);
    yield* gate.release();
    return result;
  }

  private *unmapRegion(local: number, base: number, length: number, kind: number): Code<number> {
    const record = yield* this.record();
    yield* acquireWrite(record + PROCESS.regionLock);
    const link = yield* regionsOf(record).lockedFind(base);
    const exact =
      link !== 0 &&
      (yield load(link + LINK.base)) === base &&
      (yield load(link + LINK.end)) === base + length &&
      (yield load(link + LINK.kind)) === kind;
    if (exact) yield store(link + LINK.state, LINK_STATE.dying);
    yield* releaseWrite(record + PROCESS.regionLock);
    return exact ? yield* this.destroyLink(local, link) : ERROR.EINVAL;
  }

  /** Removes every region; gives 0, or EIO if a page was not written back. No thread of the process may run. */
  *unmapAll(local: number): Code<number> {
    const record = yield* this.record();
    let result = 0;
    for (
      let link = yield load(record + PROCESS.regions);
      link !== 0;
      link = yield load(record + PROCESS.regions)
    ) {
      const saved = yield* this.destroyLink(local, link);
      if (result === 0) result = saved;
    }
    return result;
  }

  private *destroyLink(local: number, link: number): Code<number> {
    const record = yield* this.record();
    const ref = yield load(link + LINK.region);
    const process = yield load(this.address + PROCESS_REP.ref);
    yield* step(STEP.regionPurge, process, forgetRegion(local, this.address, ref));
    const result = yield* step(STEP.regionDestroy, ref, destroyRegion(local, ref));
    yield* acquireWrite(record + PROCESS.regionLock);
    yield* regionsOf(record).lockedRemove(link);
    yield* releaseWrite(record + PROCESS.regionLock);
    yield* free(link);
    return result;
  }
}

const regionsOf = (record: number): RegionList => new RegionList(record + PROCESS.regions);

/** Puts a link that reserves the addresses into the list; gives its base or an error. */
function* reserve(record: number, link: number, request: MapRequest): Code<number> {
  yield* acquireWrite(record + PROCESS.regionLock);
  const base = yield* lockedChoose(record, request);
  if (base > 0) {
    yield store(link + LINK.base, base);
    yield store(link + LINK.end, base + request.pages * PAGE_SIZE);
    yield store(link + LINK.kind, request.kind);
    yield* regionsOf(record).lockedInsert(link);
  }
  yield* releaseWrite(record + PROCESS.regionLock);
  return base;
}

function* lockedChoose(record: number, request: MapRequest): Code<number> {
  const length = request.pages * PAGE_SIZE;
  const wanted = request.address;
  if (wanted !== 0) {
    const fits = wanted >= LIMIT.USER_BASE && wanted + length <= LIMIT.USER_END && wanted % PAGE_SIZE === 0;
    if (fits && (yield* regionsOf(record).lockedIsFree(wanted, length))) return wanted;
    if ((request.flags & MAP.FIXED) !== 0) return ERROR.EINVAL;
  }
  const base =
    request.kind === LINK_KIND.stack
      ? yield* regionsOf(record).lockedHighGap(length)
      : yield* regionsOf(record).lockedLowGap(length);
  return base === 0 ? ERROR.ENOMEM : base;
}
