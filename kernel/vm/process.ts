/**
 * The Process object as the root of its address space: Process → Region → FCM → COR and DSM → HAT.
 *
 * *Locking:* `lock` is held for the search in the region list only. A region that is found is entered (its
 * in-use count raised) before the lock is released, so it exists until it is left; no lock is held then.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { deref } from '../objects/translation-table.ts';
import { PROCESS } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { View } from '../view.ts';
import { createRegion, destroyRegion, Region } from './region.ts';
import { LINK, LINK_KIND, LINK_STATE, RegionList } from './region-list.ts';

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
  private get regions(): RegionList {
    return new RegionList(this.address + PROCESS.regions);
  }

  // DOC: process-handle-fault
  /** Brings the page of an address in and maps it; gives 0 or EFAULT, ENOMEM, EIO. */
  *handleFault(address: number, access: Access): Code<number> {
    const ref = yield* this.enterRegion(address, access);
    if (ref < 0) return ref;
    const region = new Region(yield* deref(ref));
    const result = yield* step(STEP.regionHandleFault, ref, region.handleFault(address));
    yield* region.leave();
    return result;
  }

  /** Finds and enters the region that allows an access; gives its reference, or EFAULT. */
  *enterRegion(address: number, access: Access): Code<number> {
    const ref = yield* step(STEP.regionLookup, yield load(this.address + PROCESS.ref), this.lookup(address));
    if (ref < 0) return ref;
    const region = new Region(yield* deref(ref));
    if (yield* region.allows(access)) return ref;
    yield* region.leave();
    return ERROR.EFAULT;
  }

  private *lookup(address: number): Code<number> {
    yield* acquire(this.address + PROCESS.lock);
    const link = yield* this.regions.lockedFind(address);
    const ref = link === 0 ? ERROR.EFAULT : yield load(link + LINK.region);
    if (ref > 0) yield* new Region(yield* deref(ref)).enter();
    yield* release(this.address + PROCESS.lock);
    return ref;
  }

  // DOC: process-map
  /** Makes a region; gives its address, or EINVAL, ENOMEM. */
  *map(local: number, request: MapRequest): Code<number> {
    const link = yield* allocate(local, LINK.SIZE);
    if (link === 0) return ERROR.ENOMEM;
    const base = yield* this.reserve(link, request);
    if (base < 0) {
      yield* free(link);
      return base;
    }
    const region = yield* createRegion(local, yield load(this.address + PROCESS.hat), base, request);
    yield* acquire(this.address + PROCESS.lock);
    yield store(link + LINK.region, region);
    yield store(link + LINK.state, LINK_STATE.live);
    if (region === 0) yield* this.regions.lockedRemove(link);
    yield* release(this.address + PROCESS.lock);
    if (region !== 0) return base;
    yield* free(link);
    return ERROR.ENOMEM;
  }

  /** Puts a link that reserves the addresses into the list; gives its base or an error. */
  private *reserve(link: number, request: MapRequest): Code<number> {
    yield* acquire(this.address + PROCESS.lock);
    const base = yield* this.lockedChoose(request);
    if (base > 0) {
      yield store(link + LINK.base, base);
      yield store(link + LINK.end, base + request.pages * PAGE_SIZE);
      yield store(link + LINK.kind, request.kind);
      yield* this.regions.lockedInsert(link);
    }
    yield* release(this.address + PROCESS.lock);
    return base;
  }

  private *lockedChoose(request: MapRequest): Code<number> {
    const length = request.pages * PAGE_SIZE;
    const wanted = request.address;
    if (wanted !== 0) {
      const fits = wanted >= LIMIT.USER_BASE && wanted + length <= LIMIT.USER_END && wanted % PAGE_SIZE === 0;
      if (fits && (yield* this.regions.lockedIsFree(wanted, length))) return wanted;
      if ((request.flags & MAP.FIXED) !== 0) return ERROR.EINVAL;
    }
    const base =
      request.kind === LINK_KIND.stack
        ? yield* this.regions.lockedHighGap(length)
        : yield* this.regions.lockedLowGap(length);
    return base === 0 ? ERROR.ENOMEM : base;
  }

  /** Removes the region of this kind with exactly these bounds; gives 0, EINVAL, or EIO. */
  *unmap(local: number, base: number, length: number, kind: number): Code<number> {
    yield* acquire(this.address + PROCESS.lock);
    const link = yield* this.regions.lockedFind(base);
    const exact =
      link !== 0 &&
      (yield load(link + LINK.base)) === base &&
      (yield load(link + LINK.end)) === base + length &&
      (yield load(link + LINK.kind)) === kind;
    if (exact) yield store(link + LINK.state, LINK_STATE.dying);
    yield* release(this.address + PROCESS.lock);
    return exact ? yield* this.destroyLink(local, link) : ERROR.EINVAL;
  }

  /** Removes every region; gives 0, or EIO if a page was not written back. No thread of the process may run. */
  *unmapAll(local: number): Code<number> {
    let result = 0;
    for (
      let link = yield load(this.address + PROCESS.regions);
      link !== 0;
      link = yield load(this.address + PROCESS.regions)
    ) {
      const saved = yield* this.destroyLink(local, link);
      if (result === 0) result = saved;
    }
    return result;
  }

  private *destroyLink(local: number, link: number): Code<number> {
    const ref = yield load(link + LINK.region);
    const result = yield* step(STEP.regionDestroy, ref, destroyRegion(local, ref));
    yield* acquire(this.address + PROCESS.lock);
    yield* this.regions.lockedRemove(link);
    yield* release(this.address + PROCESS.lock);
    yield* free(link);
    return result;
  }
}
