/**
 * Changes to regions that exist: unmapping, protecting or emptying a range of addresses, which may cut regions in two
 * or three.
 *
 * All that needs memory is made first, so that a change happens as a whole or not at all. Then the links of the range
 * are cut: what lies before and after it is a region of its own at once, with the same FCM. The old region is drained,
 * its pages of the range are dealt with, TLBs included, and it is destroyed; where the range stays mapped another
 * region takes its place, and whoever faulted there meanwhile goes on.
 *
 * *Locking:* the links of the range are claimed (claim.ts).
 */
import { call, type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { MAP } from '../abi/flags.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { acquireWrite, releaseWrite } from '../locks/reader-writer.ts';
import { allocate, free } from '../memory/heap.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { announceChange, claim, type ClaimRequest, lockedGiveUp, nextClaimed, unclaim } from './claim.ts';
import { createRegion, destroyRegion, releaseRegion } from './create-region.ts';
import { NEVER_WRITE } from './never-write.ts';
import { drainRegion } from './region-drain.ts';
import { REGION } from './region-layout.ts';
import { LINK, LINK_STATE, RegionList } from './region-list.ts';
import { dropPages, protectPages, removePages } from './region-pages.ts';
import { forgetRegion } from './remembered-regions.ts';

/** What is to become of a range. */
export type Change =
  | { readonly kind: 'unmap' }
  /** `rights`: of MAP.READ and MAP.WRITE. */
  | { readonly kind: 'protect'; readonly rights: number }
  /** Private pages are as when they were mapped. */
  | { readonly kind: 'drop' };

/** A range, in the address space of a process by one of its representatives. */
interface Range extends ClaimRequest {
  readonly process: number;
  readonly record: number;
}

const RIGHTS = MAP.READ | MAP.WRITE;

// DOC: change-space
/** Changes a range; gives 0, EINVAL or EFAULT as `claim` does, ENOMEM, or EIO if a page was not written back. */
export function* changeSpace(
  local: number,
  process: number,
  request: ClaimRequest,
  change: Change,
): Code<number> {
  const record = yield load(process + PROCESS_REP.record);
  const range = { ...request, process, record };
  const refused = yield* claim(record, request);
  if (refused !== 0) return refused;
  const failure = yield* prepareAll(local, range, change);
  if (failure !== 0) {
    yield* abandonAll(local, range);
    yield* unclaim(record);
    return failure;
  }
  yield* cutAll(range, change);
  const result = yield* finishAll(local, range, change);
  yield* announceChange(record);
  return result;
}

/** Makes what takes the place of the claimed links; gives 0, ENOMEM, or EPERM if one can never get such rights. */
function* prepareAll(local: number, range: Range, change: Change): Code<number> {
  let link = yield* nextClaimed(range.record, range.base);
  while (link !== 0) {
    const failure = yield* prepare(local, link, range, change);
    if (failure !== 0) return failure;
    link = yield* nextClaimed(range.record, yield load(link + LINK.end));
  }
  return 0;
}

function* prepare(local: number, link: number, range: Range, change: Change): Code<number> {
  const base = yield load(link + LINK.base);
  const end = yield load(link + LINK.end);
  const inside = yield* beginCall(yield load(link + LINK.region));
  const flags = yield load(inside.rep + REGION.flags);
  const wanted = flagsAfter(flags, change);
  let made = true;
  const forbidden = wanted !== undefined && (wanted & NEVER_WRITE) !== 0 && (wanted & MAP.WRITE) !== 0;
  if (wanted !== undefined && !(forbidden && wanted >= 0)) {
    const from = Math.max(base, range.base);
    const to = Math.min(end, range.end);
    if (base < from) made = yield* prepareLink(local, inside.rep, link, LINK.head, { base, end: from });
    if (made && to < end) made = yield* prepareLink(local, inside.rep, link, LINK.tail, { base: to, end });
    if (made && wanted >= 0) {
      const successor = yield* createPiece(local, inside.rep, { base: from, end: to }, wanted);
      yield store(link + LINK.successor, successor);
      made = successor !== 0;
    }
  }
  yield* endCall(inside);
  if (forbidden && wanted >= 0) return ERROR.EPERM;
  return made ? 0 : ERROR.ENOMEM;
}

/** The flags that a region's part in the range gets: -1 if it goes, undefined if it stays as it is. */
function flagsAfter(flags: number, change: Change): number | undefined {
  if (change.kind === 'unmap') return -1;
  if (change.kind === 'drop') return (flags & MAP.SHARED) === 0 ? flags : undefined;
  return (flags & RIGHTS) === change.rights ? undefined : (flags & ~(RIGHTS | MAP.GUARD)) | change.rights;
}

interface Bounds {
  readonly base: number;
  readonly end: number;
}

/** Makes a link with a region for a part of an old one, and stores it in the old link at `field`. */
function* prepareLink(
  local: number,
  region: number,
  old: number,
  field: number,
  bounds: Bounds,
): Code<boolean> {
  const link = yield* allocate(local, LINK.SIZE);
  if (link === 0) return false;
  const ref = yield* createPiece(local, region, bounds, yield load(region + REGION.flags));
  if (ref === 0) {
    yield* free(link);
    return false;
  }
  yield store(link + LINK.base, bounds.base);
  yield store(link + LINK.floor, bounds.base);
  yield store(link + LINK.end, bounds.end);
  yield store(link + LINK.region, ref);
  yield store(link + LINK.kind, yield load(old + LINK.kind));
  yield store(link + LINK.state, LINK_STATE.live);
  yield store(old + field, link);
  return true;
}

/** A region for a part of an old one, with the same FCM. */
function* createPiece(local: number, region: number, { base, end }: Bounds, flags: number): Code<ObjRef> {
  const skipped = (base - (yield load(region + REGION.base))) >>> PAGE_SHIFT;
  return yield* createRegion(local, yield load(region + REGION.hat), base, {
    address: base,
    pages: (end - base) >>> PAGE_SHIFT,
    flags,
    block: 0,
    kind: 0,
    fcm: yield load(region + REGION.fcm),
    offset: (yield load(region + REGION.offset)) + skipped,
  });
}

/** Gives back what has been made. */
function* abandonAll(local: number, range: Range): Code {
  let link = yield* nextClaimed(range.record, range.base);
  while (link !== 0) {
    for (const field of [LINK.head, LINK.tail]) {
      const part = yield load(link + field);
      if (part === 0) continue;
      yield* destroyRegion(local, yield load(part + LINK.region));
      yield* free(part);
      yield store(link + field, 0);
    }
    const successor = yield load(link + LINK.successor);
    if (successor !== 0) yield* destroyRegion(local, successor);
    yield store(link + LINK.successor, 0);
    link = yield* nextClaimed(range.record, yield load(link + LINK.end));
  }
}

/** Cuts the links of the range: what lies outside is live at once. */
function* cutAll(range: Range, change: Change): Code {
  let link = yield* nextClaimed(range.record, range.base);
  while (link !== 0) {
    yield* acquireWrite(range.record + PROCESS.regionLock);
    yield* lockedCut(link, range);
    if (change.kind === 'unmap') yield store(link + LINK.state, LINK_STATE.dying);
    yield* releaseWrite(range.record + PROCESS.regionLock);
    link = yield* nextClaimed(range.record, yield load(link + LINK.end));
  }
}

function* lockedCut(link: number, range: Range): Code {
  const list = new RegionList(range.record + PROCESS.regions);
  const head = yield load(link + LINK.head);
  const tail = yield load(link + LINK.tail);
  if (head !== 0) {
    yield store(link + LINK.base, range.base);
    yield store(link + LINK.floor, range.base);
  }
  if (tail !== 0) yield store(link + LINK.end, range.end);
  for (const part of [head, tail]) if (part !== 0) yield* list.lockedInsert(part);
  yield store(link + LINK.head, 0);
  yield store(link + LINK.tail, 0);
}

/** Does to the pages of the range what is to be done; gives 0 or the first error. */
function* finishAll(local: number, range: Range, change: Change): Code<number> {
  let result = 0;
  let link = yield* nextClaimed(range.record, range.base);
  while (link !== 0) {
    const end = yield load(link + LINK.end);
    const successor = yield load(link + LINK.successor);
    const stays = successor === 0 && change.kind !== 'unmap';
    const finished = stays ? 0 : yield* finish(local, range.process, link, change);
    if (result === 0) result = finished;
    yield* acquireWrite(range.record + PROCESS.regionLock);
    if (stays) yield* lockedGiveUp(link);
    else if (successor !== 0) yield* lockedSucceed(link, successor);
    else yield* new RegionList(range.record + PROCESS.regions).lockedRemove(link);
    yield* releaseWrite(range.record + PROCESS.regionLock);
    if (!stays && successor === 0) yield* free(link);
    link = yield* nextClaimed(range.record, end);
  }
  return result;
}

/** Puts a region in the place of an old one, and makes the link live. */
export function* lockedSucceed(link: number, region: ObjRef): Code {
  yield store(link + LINK.region, region);
  yield store(link + LINK.successor, 0);
  yield* lockedGiveUp(link);
}

/** Empties an old region of its pages in the link's bounds, and destroys it; gives 0 or an error. */
function* finish(local: number, process: number, link: number, change: Change): Code<number> {
  const ref = yield load(link + LINK.region);
  const object = yield load(process + PROCESS_REP.ref);
  yield* step(STEP.regionPurge, object, forgetRegion(local, process, ref));
  return yield* step(STEP.regionDestroy, ref, replacePages(local, ref, link, change));
}

function* replacePages(local: number, ref: ObjRef, link: number, change: Change): Code<number> {
  const inside = yield* beginCall(ref);
  const region = inside.rep;
  yield* call(drainRegion(local, region));
  const base = yield load(link + LINK.base);
  const first = (base - (yield load(region + REGION.base))) >>> PAGE_SHIFT;
  const range = { first, pages: ((yield load(link + LINK.end)) - base) >>> PAGE_SHIFT };
  let result = 0;
  if (change.kind === 'unmap') result = yield* step(STEP.regionUnmap, ref, removePages(local, region, range));
  else if (change.kind === 'protect') yield* protectPages(region, range, change.rights);
  else result = yield* dropPages(local, region, range);
  const released = yield* call(releaseRegion(local, ref, region));
  yield* endCall(inside);
  return result !== 0 ? result : released;
}
