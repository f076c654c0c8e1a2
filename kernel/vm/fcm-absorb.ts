/**
 * The end of a chain of copies: when only one is left of those that a frozen FCM was copied to, that one takes its pages
 * and its place. Page by page it does so on stores anyway (fcm-copy.ts); here all at once.
 *
 * *Locking:* nobody may be inside the copy.
 */
import { type Code, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { FcmCopy } from './fcm-copy.ts';
import { destroyFcm, fcmOf } from './fcm-kinds.ts';
import { FCM } from './fcm-layout.ts';
import { removeMappers } from './mappers.ts';

// DOC: absorb-parents
/** Has a copy take over those above it that nobody else uses. For an FCM that is no copy there is nothing to do. */
export function* absorbParents(local: number, ref: ObjRef): Code {
  const call = yield* beginCall(ref);
  if (call.word === CLASS.fcmCopy) {
    const copy = new FcmCopy(call.rep, fcmOf);
    while (yield* absorbOne(local, copy));
  }
  yield* endCall(call);
}

function* absorbOne(local: number, copy: FcmCopy): Code<boolean> {
  const ref = yield* copy.parent();
  if (ref === 0) return false;
  const call = yield* beginCall(ref);
  const parent = yield* fcmOf(call);
  const mine = parent.givesPages && (yield* parent.others()) === 0 && (yield* copy.takeAll(local, parent));
  if (mine) {
    // What the parent had of its own parent is the copy's now.
    yield store((yield* copy.primary()) + FCM.parent, yield* parent.parent());
    yield store((yield* parent.primary()) + FCM.parent, 0);
    yield* removeMappers(ref);
    yield* destroyFcm(local, ref);
  }
  yield* endCall(call);
  return mine;
}
