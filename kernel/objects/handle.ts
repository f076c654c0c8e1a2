/**
 * Handles: what user programs know objects by.
 *
 * A handle is the number of the object's reference, and above it a number that has not been given out lately for any
 * reference of its partition: so a stale handle is refused even if its reference is in use again. The object remembers
 * its handle and its owner.
 */
import { type Code, csrRead, fetchAndAdd, load } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { isReference, type ObjRef } from './miss-handler-table.ts';
import { REP } from './root.ts';
import { tryDeref } from './translation-table.ts';

/** Bits of a handle that hold the number of a reference. */
function* refBits(local: number): Code<number> {
  const refs = (yield load(local + HART.harts)) * (yield load(local + HART.refsPerHart));
  return 32 - Math.clz32(refs - 1);
}

/** The reference that a handle would be of; a forged one can give anything. */
export function* refOfHandle(local: number, handle: number): Code<ObjRef> {
  return 4 * (handle & ((1 << (yield* refBits(local))) - 1));
}

// DOC: find-by-handle
/**
 * This hart's representative of the object that a handle from user level names, or 0: of a class that is `wanted`, and
 * with the handle in the word at `offset`. Whose it is, the caller has to ask.
 */
export function* findByHandle(
  handle: number,
  wanted: (classWord: number) => boolean,
  offset: number,
): Code<number> {
  const local = yield csrRead('slocal');
  const ref = yield* refOfHandle(local, handle);
  const rep = (yield* isReference(local, ref)) ? yield* tryDeref(ref, wanted) : 0;
  if (rep === 0 || !wanted(yield load(rep + REP.class))) return 0;
  return (yield load(rep + offset)) === handle ? rep : 0;
}

// DOC: counter-handle
/** A new handle for an object. */
export function* handleOf(local: number, ref: ObjRef): Code<number> {
  const bits = yield* refBits(local);
  const home = yield* localOf(local, ((ref >>> 2) / (yield load(local + HART.refsPerHart))) | 0);
  const serial = (yield fetchAndAdd(home + HART.handles, 1)) + 1;
  return ((serial << bits) & 0x7fffffff) | (ref >>> 2);
}
