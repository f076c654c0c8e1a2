/**
 * The regions of an FCM: who may have its pages mapped. It is what page-out needs to get from a page to the page tables
 * that have it (K42: an FCM knows its regions), where a fault goes the other way.
 *
 * No lock is held along the way. A region is named by its reference; whoever comes from the FCM lets its lock go, enters
 * the region by its count, as a fault does, and so keeps it and its page table in existence. So there is no order of locks
 * from region to FCM that somebody could break.
 *
 * *Locking:* `lock` of the FCM's primary representative guards the list.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { PAGE_SHIFT } from '../layout.ts';
import { lockedPush, lockedTakeOut } from '../list.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocateGlobal, free } from '../memory/heap.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { missHandlerOf } from '../objects/miss-handler-table.ts';
import { Root, ROOT, ROOT_STATE } from '../objects/root.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { struct, word } from '../struct.ts';
import { FCM } from './fcm-layout.ts';
import { Hat } from './hat.ts';
import { PAGE } from './page-descriptor.ts';
import { primaryOf } from './part-tree.ts';
import { REGION } from './region-layout.ts';
import { enterRegion, leaveRegion } from './region-use.ts';

export const MAPPER = struct({ next: word, region: word });

/** One more region of an FCM, and of those that it is a copy of; gives whether there was memory to note it. */
export function* addMapper(local: number, fcm: ObjRef, region: ObjRef): Code<boolean> {
  for (let ref = fcm; ref !== 0; ref = yield* parentOf(ref)) {
    if (yield* addTo(local, ref, region)) continue;
    yield* removeMapper(fcm, region);
    return false;
  }
  return true;
}

function* addTo(local: number, fcm: ObjRef, region: ObjRef): Code<boolean> {
  const mapper = yield* allocateGlobal(local, MAPPER.SIZE);
  if (mapper === 0) return false;
  yield store(mapper + MAPPER.region, region);
  const call = yield* beginCall(fcm);
  const primary = yield* primaryOf(call.rep);
  yield* acquire(primary + FCM.lock);
  yield* lockedPush(primary + FCM.mappers, MAPPER.next, mapper);
  yield* release(primary + FCM.lock);
  yield* endCall(call);
  return true;
}

/** One region less, of each of them, which has nothing mapped any more. */
export function* removeMapper(fcm: ObjRef, region: ObjRef): Code {
  for (let ref = fcm; ref !== 0; ref = yield* parentOf(ref)) yield* removeFrom(ref, region);
}

function* removeFrom(fcm: ObjRef, region: ObjRef): Code {
  const call = yield* beginCall(fcm);
  const primary = yield* primaryOf(call.rep);
  yield* acquire(primary + FCM.lock);
  let mapper = yield load(primary + FCM.mappers);
  while (mapper !== 0 && (yield load(mapper + MAPPER.region)) !== region)
    mapper = yield load(mapper + MAPPER.next);
  if (mapper !== 0) yield* lockedTakeOut(primary + FCM.mappers, MAPPER.next, mapper);
  yield store(primary + FCM.mappersGone, (yield load(primary + FCM.mappersGone)) + 1);
  yield* release(primary + FCM.lock);
  yield* endCall(call);
  if (mapper !== 0) yield* free(mapper);
}

/** All regions of an FCM less, which is going and has no page any more. */
export function* removeMappers(fcm: ObjRef): Code {
  const call = yield* beginCall(fcm);
  const primary = yield* primaryOf(call.rep);
  for (let region = yield* mapperAt(primary, 0); region !== 0; region = yield* mapperAt(primary, 0))
    yield* removeFrom(fcm, region);
  yield* endCall(call);
}

function* parentOf(fcm: ObjRef): Code<ObjRef> {
  const call = yield* beginCall(fcm);
  const parent = yield load((yield* primaryOf(call.rep)) + FCM.parent);
  yield* endCall(call);
  return parent;
}

/** The region at a place of the list, or 0. */
function* mapperAt(primary: number, place: number): Code<ObjRef> {
  yield* acquire(primary + FCM.lock);
  let mapper = yield load(primary + FCM.mappers);
  for (let at = 0; mapper !== 0 && at < place; at += 1) mapper = yield load(mapper + MAPPER.next);
  const region = mapper === 0 ? 0 : yield load(mapper + MAPPER.region);
  yield* release(primary + FCM.lock);
  return region;
}

/** What is done with a page in a page table; gives bits of a page-table entry. */
type Visit = (hat: Hat, address: number, page: number) => Code<number>;

/** Among the bits of all visits: a region could not be entered, so that TLBs may have its page still. */
export const MISSED = 1 << 30;

// DOC: visit-mappings
/**
 * Goes to every region of the FCM of a primary representative, and gives the bits of all visits together, with MISSED if
 * one is going or being replaced, or has gone meanwhile.
 */
export function* visitMappings(local: number, primary: number, page: number, visit: Visit): Code<number> {
  const gone = yield load(primary + FCM.mappersGone);
  let bits = 0;
  for (let place = 0; ; place += 1) {
    const region = yield* mapperAt(primary, place);
    if (region === 0) break;
    bits |= yield* visitMapping(local, region, page, visit);
  }
  return (yield load(primary + FCM.mappersGone)) === gone ? bits : bits | MISSED;
}

function* visitMapping(local: number, ref: ObjRef, page: number, visit: Visit): Code<number> {
  const region = yield* primaryIfLive(local, ref);
  if (region === 0 || (yield load(region)) !== CLASS.region || !(yield* enterRegion(region))) return MISSED;
  const index = (yield load(page + PAGE.index)) - (yield load(region + REGION.offset));
  let bits = 0;
  if (index >= 0 && index < (yield load(region + REGION.pages))) {
    const hat = new Hat(yield* deref(yield load(region + REGION.hat)));
    bits = yield* visit(hat, (yield load(region + REGION.base)) + (index << PAGE_SHIFT), page);
  }
  yield* leaveRegion(region);
  return bits;
}

/**
 * The primary representative of an object, or 0 if there is none, or it is going, or is being replaced: a call would wait
 * for the end of that, which may take a page frame.
 */
export function* primaryIfLive(local: number, ref: ObjRef): Code<number> {
  const root = yield* missHandlerOf(local, ref);
  if (root <= 0 || (yield load(root + ROOT.class)) !== CLASS.root) return 0;
  if ((yield load(root + ROOT.state)) !== ROOT_STATE.live || (yield load(root + ROOT.mediator)) !== 0)
    return 0;
  return yield* new Root(root).primary();
}
