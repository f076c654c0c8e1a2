/**
 * Copying an address space on write, for fork.
 *
 * Every FCM of private memory is frozen, and parent and child each get a copy of it (fcm-copy.ts): their regions have the
 * copy from then on, and what either stores is its own. Shared memory stays shared.
 *
 * All that needs memory is made first, so that it is done as a whole or not at all. Then the private regions of the
 * parent are drained and its pages made read-only, in all TLBs, before a copy is used: the child sees the memory as it was
 * at one instant, whatever the parent's other threads do. A fault of theirs waits meanwhile.
 *
 * *Locking:* the links of the parent are claimed (claim.ts). Nobody else knows the child.
 */
import { call, type Code, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { acquireWrite, releaseWrite } from '../locks/reader-writer.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { lockedSucceed } from './change-space.ts';
import { announceChange, claimOwn, lockedGiveUp, nextClaimed, unclaim } from './claim.ts';
import { createRegion, destroyRegion, releaseRegion } from './create-region.ts';
import { absorbParents } from './fcm-absorb.ts';
import { dropHeirs, type Heirs, heirsOf } from './fcm-heirs.ts';
import { Hat } from './hat.ts';
import type { MapRequest } from './map-request.ts';
import { mapRegion } from './mapping.ts';
import { drainRegion } from './region-drain.ts';
import { REGION } from './region-layout.ts';
import { LINK, LINK_KIND } from './region-list.ts';
import { forgetRegion } from './remembered-regions.ts';

/** The two processes, each by a representative. */
interface Family {
  readonly local: number;
  readonly parent: number;
  readonly record: number;
  readonly child: number;
}

// DOC: fork-space
/** Gives a process that nobody knows yet the memory of another one, copied on write; gives 0 or ENOMEM. */
export function* forkSpace(local: number, parent: number, child: number): Code<number> {
  const record = yield load(parent + PROCESS_REP.record);
  const family = { local, parent, record, child };
  yield* claimOwn(record);
  const failure = yield* prepareAll(family);
  if (failure === 0) {
    yield* stopAll(family);
    yield* protectAll(family);
    yield* succeedAll(family);
    yield* announceChange(record);
  } else {
    yield* abandonAll(family);
    yield* unclaim(record);
  }
  return failure;
}

/** Does something with each link of the parent until that gives an error. */
function* forEach({ record }: Family, body: (link: number) => Code<number>): Code<number> {
  let failure = 0;
  for (let link = yield* nextClaimed(record, 0); link !== 0 && failure === 0; ) {
    const end = yield load(link + LINK.end);
    failure = yield* body(link);
    link = yield* nextClaimed(record, end);
  }
  return failure;
}

/** Makes the child's regions, and those that the parent is to have; gives 0 or ENOMEM. */
function* prepareAll(family: Family): Code<number> {
  const failure = yield* forEach(family, (link) => prepare(family, link));
  yield* forEach(family, (link) => dropHeirsOf(family.local, link));
  return failure;
}

function* prepare(family: Family, link: number): Code<number> {
  const inside = yield* beginCall(yield load(link + LINK.region));
  const region = inside.rep;
  const fcm = yield load(region + REGION.fcm);
  const isShared = ((yield load(region + REGION.flags)) & MAP.SHARED) !== 0;
  const result = isShared
    ? yield* give(family, region, fcm)
    : yield* prepareCopy(family, link, region, yield* heirsFor(family, region));
  yield* endCall(inside);
  return Math.min(result, 0);
}

/** The copies of a region's FCM; made when its first region comes. */
function* heirsFor({ local, child }: Family, region: number): Code<Heirs> {
  const base = yield load(region + REGION.base);
  const origin = base - ((yield load(region + REGION.offset)) << PAGE_SHIFT);
  const hats = { parent: yield load(region + REGION.hat), child: yield load(child + PROCESS_REP.hat) };
  return yield* heirsOf(local, yield load(region + REGION.fcm), origin, hats);
}

function* prepareCopy(family: Family, link: number, region: number, heirs: Heirs): Code<number> {
  if (heirs.parent === 0) return ERROR.ENOMEM;
  const base = yield load(region + REGION.base);
  const request = yield* requestFor(region, heirs.parent);
  const successor = yield* createRegion(family.local, yield load(region + REGION.hat), base, request);
  yield store(link + LINK.successor, successor);
  return successor === 0 ? ERROR.ENOMEM : yield* give(family, region, heirs.child);
}

/** Maps a region of the child like one of the parent. */
function* give({ local, child }: Family, region: number, fcm: ObjRef): Code<number> {
  return yield* mapRegion(local, child, yield* requestFor(region, fcm));
}

function* requestFor(region: number, fcm: ObjRef): Code<MapRequest> {
  return {
    address: yield load(region + REGION.base),
    pages: yield load(region + REGION.pages),
    flags: yield load(region + REGION.flags),
    block: 0,
    kind: LINK_KIND.mapped,
    fcm,
    offset: yield load(region + REGION.offset),
  };
}

function* dropHeirsOf(local: number, link: number): Code<number> {
  const inside = yield* beginCall(yield load(link + LINK.region));
  yield* dropHeirs(local, yield load(inside.rep + REGION.fcm));
  yield* endCall(inside);
  return 0;
}

/** Lets nobody into the private regions any more, and waits until nobody is inside. */
function* stopAll(family: Family): Code {
  yield* forEach(family, (link) => stop(family, link));
}

function* stop({ local, parent }: Family, link: number): Code<number> {
  if ((yield load(link + LINK.successor)) === 0) return 0;
  const ref = yield load(link + LINK.region);
  const object = yield load(parent + PROCESS_REP.ref);
  yield* step(STEP.regionPurge, object, forgetRegion(local, parent, ref));
  const inside = yield* beginCall(ref);
  yield* call(drainRegion(local, inside.rep));
  yield* endCall(inside);
  return 0;
}

// DOC: fork-protect
/** Makes the private pages read-only; when it returns, in all TLBs. */
function* protectAll(family: Family): Code {
  const hat = new Hat(yield* deref(yield load(family.parent + PROCESS_REP.hat)));
  yield* forEach(family, (link) => protect(hat, link));
  yield* hat.shootdown(LIMIT.USER_BASE, 0);
}

function* protect(hat: Hat, link: number): Code<number> {
  if ((yield load(link + LINK.successor)) === 0) return 0;
  const base = yield load(link + LINK.base);
  yield* hat.protect(base, ((yield load(link + LINK.end)) - base) >>> PAGE_SHIFT);
  return 0;
}

/** Puts the regions with copies in the place of those that there were. */
function* succeedAll(family: Family): Code {
  // As long as nobody can be inside any of them: pages go from one FCM to another.
  yield* forEach(family, (link) => absorb(family, link));
  yield* forEach(family, (link) => succeed(family, link));
}

function* absorb({ local }: Family, link: number): Code<number> {
  if ((yield load(link + LINK.successor)) === 0) return 0;
  const inside = yield* beginCall(yield load(link + LINK.region));
  yield* absorbParents(local, yield load(inside.rep + REGION.fcm));
  yield* endCall(inside);
  return 0;
}

function* succeed({ local, record }: Family, link: number): Code<number> {
  const successor = yield load(link + LINK.successor);
  const old = yield load(link + LINK.region);
  if (successor !== 0) {
    const inside = yield* beginCall(old);
    yield* call(releaseRegion(local, old, inside.rep));
    yield* endCall(inside);
  }
  yield* acquireWrite(record + PROCESS.regionLock);
  if (successor === 0) yield* lockedGiveUp(link);
  else yield* lockedSucceed(link, successor);
  yield* releaseWrite(record + PROCESS.regionLock);
  return 0;
}

/** Gives back what was made for the parent; what the child has got goes with it. */
function* abandonAll(family: Family): Code {
  yield* forEach(family, (link) => abandon(family, link));
}

function* abandon({ local }: Family, link: number): Code<number> {
  const successor = yield load(link + LINK.successor);
  if (successor !== 0) yield* destroyRegion(local, successor);
  yield store(link + LINK.successor, 0);
  return 0;
}
