/** Making a region, with its FCM, and destroying it with its pages. */
import { call, type Code, load, panic, step, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { degreeOf, firstDegree } from '../objects/degree.ts';
import { destroyOwned, prepareObject, publishObject } from '../objects/object.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { TYPE } from '../objects/types.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { createFcm, destroyFcm, shareFcm } from './fcm-kinds.ts';
import { addMapper, removeMapper } from './mappers.ts';
import type { MapRequest } from './map-request.ts';
import { drainRegion } from './region-drain.ts';
import { REGION } from './region-layout.ts';
import { unmapPages } from './region-unmap.ts';

/** Makes a region and its FCM; gives its reference, or 0 if there is no memory. */
export function* createRegion(local: number, hat: ObjRef, base: number, request: MapRequest): Code<ObjRef> {
  const fcm = yield* request.fcm === undefined
    ? createFcm(local, request, { hat, origin: base })
    : shareFcm(request.fcm);
  if (fcm === 0) return 0;
  const made = yield* prepareObject(local, {
    classWord: CLASS.region,
    bytes: REGION.SIZE,
    fixed: REGION.inUse,
    degree: yield* firstDegree(local, yield* degreeOf(local, TYPE.region)),
  });
  const { ref, rep } = made;
  if (ref === 0) {
    yield* destroyFcm(local, fcm);
    return 0;
  }
  yield store(rep + REGION.base, base);
  yield store(rep + REGION.pages, request.pages);
  yield store(rep + REGION.flags, request.flags);
  yield store(rep + REGION.offset, request.offset ?? 0);
  yield store(rep + REGION.fcm, fcm);
  yield store(rep + REGION.hat, hat);
  yield* publishObject(local, made);
  if (yield* addMapper(local, fcm, ref)) return ref;
  yield* destroyOwned(local, ref);
  yield* destroyFcm(local, fcm);
  return 0;
}

/** Destroys a region that nobody can find any more, with its pages; gives 0, or EIO if one was not written back. */
export function* destroyRegion(local: number, ref: ObjRef): Code<number> {
  const inside = yield* beginCall(ref);
  if (inside.rep === 0) yield panic(PANIC.destroyedTwice);
  yield* call(drainRegion(local, inside.rep));
  const pages = yield load(inside.rep + REGION.pages);
  yield* step(STEP.regionUnmap, ref, unmapPages(inside.rep, { first: 0, pages }));
  const result = yield* call(releaseRegion(local, ref, inside.rep));
  yield* endCall(inside);
  return result;
}

/** Destroys the object of a region that is drained, and its share of its FCM; gives 0 or EIO. */
export function* releaseRegion(local: number, ref: ObjRef, rep: number): Code<number> {
  const fcm = yield load(rep + REGION.fcm);
  yield* removeMapper(fcm, ref);
  const result = yield* destroyFcm(local, fcm);
  yield* destroyOwned(local, ref);
  return result;
}
