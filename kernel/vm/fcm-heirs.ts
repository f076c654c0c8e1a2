/**
 * While an address space is copied: the two copies that an FCM gets, one for each process. Regions of the same FCM get
 * the same ones.
 *
 * *Locking:* all regions that use the FCM are claimed by the caller (claim.ts).
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { FCM } from './fcm-layout.ts';
import { createCopy, destroyFcm, fcmOf } from './fcm-kinds.ts';

/** Copies of an FCM, for the process that forks and for its child; 0: there was no memory. */
export interface Heirs {
  readonly parent: ObjRef;
  readonly child: ObjRef;
}

/** The copies of an FCM, made if there are none; `origin` is where page 0 lies in both processes. */
export function* heirsOf(
  local: number,
  ref: ObjRef,
  origin: number,
  hats: { readonly parent: ObjRef; readonly child: ObjRef },
): Code<Heirs> {
  const call = yield* beginCall(ref);
  const heirs = (yield* (yield* fcmOf(call)).primary()) + FCM.heirs;
  const pages = yield load(call.rep + FCM.pages);
  if ((yield load(heirs)) === 0) {
    const parent = yield* createCopy(local, ref, pages, { hat: hats.parent, origin });
    const child = parent === 0 ? 0 : yield* createCopy(local, ref, pages, { hat: hats.child, origin });
    if (child === 0 && parent !== 0) yield* destroyFcm(local, parent);
    yield store(heirs, child === 0 ? 0 : parent);
    yield store(heirs + 4, child);
  }
  const found = { parent: yield load(heirs), child: yield load(heirs + 4) };
  yield* endCall(call);
  return found;
}

/** The copies belong to the regions that there are now. */
export function* dropHeirs(local: number, ref: ObjRef): Code {
  const call = yield* beginCall(ref);
  const heirs = (yield* (yield* fcmOf(call)).primary()) + FCM.heirs;
  for (const place of [heirs, heirs + 4]) {
    const copy = yield load(place);
    yield store(place, 0);
    if (copy !== 0) yield* destroyFcm(local, copy);
  }
  yield* endCall(call);
}
