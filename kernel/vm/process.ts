/**
 * The Process object as the root of its address space: Process → Region → FCM → COR and DSM → HAT.
 *
 * A view of one representative. What it does not remember is in the record of the process.
 *
 * *Locking:* a lock is held for the search only. The region that is found is a temporary reference until it is
 * entered (its in-use count and that of the process raised); then it exists until it is left, and no lock is held.
 * With hierarchical locking the gates of process, region, FCM and COR are held instead (locking.ts).
 */
import { type Code, fetchAndAdd, load, panic, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { deref, type ObjRef, tryDeref } from '../objects/translation-table.ts';
import { PANIC } from '../panics.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { View } from '../view.ts';
import { Gate, isHierarchical } from './locking.ts';
import { createRegion, destroyRegion, Region } from './region.ts';
import { LINK, LINK_KIND, LINK_STATE, RegionList } from './region-list.ts';
import { forgetRegion, lockedRemember, remembered } from './remembered-regions.ts';

/** How an instruction accesses memory. */
export type Access = 'load' | 'store';

/** What is to be mapped. `address` 0 lets the kernel choose; sizes are checked by the caller. */
export interface MapRequest {
  readonly address: number;
  readonly pages: number;
  readonly flags: number;
  readonly block: number;
  readonly kind: number;
}

export class Process extends View {
  private *record(): Code<number> {
    return yield load(this.address + PROCESS_REP.record);
  }

  // DOC: process-handle-fault
  /** Brings the page of an address in and maps it; gives 0 or EFAULT, ENOMEM, EIO. */
  *handleFault(address: number, access: Access): Code<number> {
    const ref = yield* this.enterRegion(address, access);
    if (ref < 0) return ref;
    const region = new Region(yield* deref(ref));
    const result = yield* step(STEP.regionHandleFault, ref, region.handleFault(address));
    yield* this.leaveRegion(ref);
    return result;
  }

  /** Finds and enters the region that allows an access; gives its reference, or EFAULT. */
  *enterRegion(address: number, access: Access): Code<number> {
    const ref = yield* step(
      STEP.regionLookup,
      yield load(this.address + PROCESS_REP.ref),
      this.lookup(address),
    );
    if (ref < 0) return ref;
    if (yield* new Region(yield* deref(ref)).allows(access)) return ref;
    yield* this.leaveRegion(ref);
    return ERROR.EFAULT;
  }

  /** Leaves a region that was entered on this hart. It may be gone afterwards. */
  *leaveRegion(ref: ObjRef): Code {
    const region = new Region(yield* deref(ref));
    if (yield* isHierarchical(yield* localBase())) {
      yield* region.closeGates();
      yield* new Gate((yield* this.record()) + PROCESS.gate).release();
      return;
    }
    yield* region.leave();
    // After the region: as long as a descendant is in use, so is its ancestor.
    const before = yield fetchAndAdd(this.address + PROCESS_REP.inUse, -1);
    if (before <= 0) yield panic(PANIC.negativeCount);
  }

  private *lookup(address: number): Code<number> {
    if (yield* isHierarchical(yield* localBase())) return yield* this.lookupLocked(address);
    yield fetchAndAdd(this.address + PROCESS_REP.inUse, 1);
    const ref = (yield* remembered(this.address, address)) || (yield* this.lookupRecord(address));
    const rep = ref > 0 ? yield* tryDeref(ref) : 0;
    if (rep !== 0 && (yield* new Region(rep).enter())) return ref;
    yield fetchAndAdd(this.address + PROCESS_REP.inUse, -1);
    return ERROR.EFAULT;
  }

  /** The region that covers an address, from the list of the process; 0 if there is none. */
  private *lookupRecord(address: number): Code<ObjRef> {
    const record = yield* this.record();
    yield* acquire(record + PROCESS.lock);
    const link = yield* regionsOf(record).lockedFind(address);
    if (link !== 0) yield* lockedRemember(this.address, link);
    const ref = link === 0 ? 0 : yield load(link + LINK.region);
    yield* release(record + PROCESS.lock);
    return ref;
  }

  // DOC: lookup-locked
  /** The traditional form: one lock inside the other, all held until the region is left. */
  private *lookupLocked(address: number): Code<number> {
    const record = yield* this.record();
    const gate = new Gate(record + PROCESS.gate);
    yield* gate.acquire();
    yield* acquire(record + PROCESS.lock);
    const link = yield* regionsOf(record).lockedFind(address);
    const ref = link === 0 ? ERROR.EFAULT : yield load(link + LINK.region);
    yield* release(record + PROCESS.lock);
    if (ref > 0) yield* new Region(yield* deref(ref)).openGates();
    else yield* gate.release();
    return ref;
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
    yield* acquire(record + PROCESS.lock);
    yield store(link + LINK.region, region);
    yield store(link + LINK.state, LINK_STATE.live);
    if (region === 0) yield* regionsOf(record).lockedRemove(link);
    yield* release(record + PROCESS.lock);
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
    yield* acquire(record + PROCESS.lock);
    const link = yield* regionsOf(record).lockedFind(base);
    const exact =
      link !== 0 &&
      (yield load(link + LINK.base)) === base &&
      (yield load(link + LINK.end)) === base + length &&
      (yield load(link + LINK.kind)) === kind;
    if (exact) yield store(link + LINK.state, LINK_STATE.dying);
    yield* release(record + PROCESS.lock);
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
    yield* acquire(record + PROCESS.lock);
    yield* regionsOf(record).lockedRemove(link);
    yield* release(record + PROCESS.lock);
    yield* free(link);
    return result;
  }
}

const regionsOf = (record: number): RegionList => new RegionList(record + PROCESS.regions);

/** Puts a link that reserves the addresses into the list; gives its base or an error. */
function* reserve(record: number, link: number, request: MapRequest): Code<number> {
  yield* acquire(record + PROCESS.lock);
  const base = yield* lockedChoose(record, request);
  if (base > 0) {
    yield store(link + LINK.base, base);
    yield store(link + LINK.end, base + request.pages * PAGE_SIZE);
    yield store(link + LINK.kind, request.kind);
    yield* regionsOf(record).lockedInsert(link);
  }
  yield* release(record + PROCESS.lock);
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
