/**
 * Mapping and unmapping regions as a whole.
 *
 * *Locking:* a link reserves its addresses from before the region is made until after it is gone; the `regionLock` of
 * the process is held as a writer to enter it, to make it live, and to take it out.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquireWrite, releaseWrite } from '../locks/reader-writer.ts';
import { allocate, free } from '../memory/heap.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { createRegion, destroyRegion } from './create-region.ts';
import type { MapRequest } from './map-request.ts';
import { LINK, LINK_KIND, LINK_STATE, RegionList } from './region-list.ts';
import { forgetRegion } from './remembered-regions.ts';

const regionsOf = (record: number): RegionList => new RegionList(record + PROCESS.regions);

/** Makes a region in the process of a representative; gives its address, or EINVAL, ENOMEM. */
export function* mapRegion(local: number, process: number, request: MapRequest): Code<number> {
  const record = yield load(process + PROCESS_REP.record);
  const link = yield* allocate(local, LINK.SIZE);
  if (link === 0) return ERROR.ENOMEM;
  const base = yield* reserve(record, link, request);
  if (base < 0) {
    yield* free(link);
    return base;
  }
  const region = yield* createRegion(local, yield load(process + PROCESS_REP.hat), base, request);
  yield* acquireWrite(record + PROCESS.regionLock);
  yield store(link + LINK.region, region);
  yield store(link + LINK.state, LINK_STATE.live);
  if (region === 0) yield* regionsOf(record).lockedRemove(link);
  yield* releaseWrite(record + PROCESS.regionLock);
  if (region !== 0) return base;
  yield* free(link);
  return ERROR.ENOMEM;
}

/** Puts a link that reserves the addresses into the list; gives its base or an error. */
function* reserve(record: number, link: number, request: MapRequest): Code<number> {
  yield* acquireWrite(record + PROCESS.regionLock);
  const base = yield* lockedChoose(record, request);
  if (base > 0) {
    const end = base + request.pages * PAGE_SIZE;
    const grows = (request.flags & MAP.GROWS) !== 0;
    yield store(link + LINK.base, grows ? end - PAGE_SIZE : base);
    yield store(link + LINK.floor, request.kind === LINK_KIND.stack ? base - PAGE_SIZE : base);
    yield store(link + LINK.end, end);
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

// DOC: grow-region
/** Lets a region that grows have the page of an address, if that is its to have; gives whether it has it now. */
export function* growRegion(record: number, address: number): Code<boolean> {
  yield* acquireWrite(record + PROCESS.regionLock);
  const link = yield* regionsOf(record).lockedFrom(address);
  const isLive = link !== 0 && (yield load(link + LINK.state)) === LINK_STATE.live;
  const isNear = isLive && address >= (yield load(link + LINK.floor)) + PAGE_SIZE;
  if (isNear && address < (yield load(link + LINK.base))) yield store(link + LINK.base, address & -PAGE_SIZE);
  yield* releaseWrite(record + PROCESS.regionLock);
  return isNear;
}

/** Removes every region; gives 0, or EIO if a page was not written back. No thread of the process may run. */
export function* unmapEverything(local: number, process: number): Code<number> {
  const record = yield load(process + PROCESS_REP.record);
  const object = yield load(process + PROCESS_REP.ref);
  let result = 0;
  for (
    let link = yield load(record + PROCESS.regions);
    link !== 0;
    link = yield load(record + PROCESS.regions)
  ) {
    const ref = yield load(link + LINK.region);
    yield* step(STEP.regionPurge, object, forgetRegion(local, process, ref));
    const saved = yield* step(STEP.regionDestroy, ref, destroyRegion(local, ref));
    if (result === 0) result = saved;
    yield* acquireWrite(record + PROCESS.regionLock);
    yield* regionsOf(record).lockedRemove(link);
    yield* releaseWrite(record + PROCESS.regionLock);
    yield* free(link);
  }
  return result;
}
