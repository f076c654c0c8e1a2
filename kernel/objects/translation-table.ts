/**
 * From an object's reference to the representative on this hart.
 *
 * An ObjRef is the byte offset of the object's entry in the translation table, which every hart has at the
 * same place (an offset from `slocal`). A hit costs one load. An empty entry goes to the miss handler table,
 * whose handler, the object's root, finds or makes the representative and installs it. The table is a cache: any
 * part of it can be forgotten at any time.
 *
 * What `deref` gives is a *temporary reference*: it may be used until the kernel is left or blocks for long
 * (generations.ts), whatever becomes of the object meanwhile.
 *
 * *Locking:* an entry is filled under the lock of the object's root, by its own hart or by whoever replaces or
 * destroys the object.
 */
import { type Code, csrRead, load, panic, step, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { HART, TRANSLATION_TABLE } from '../hart-local.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { missHandlerOf, type ObjRef } from './miss-handler-table.ts';
import { LOOK_AGAIN, REP, Root, ROOT } from './root.ts';

export type { ObjRef } from './miss-handler-table.ts';

// DOC: deref
/** This hart's representative of an object that the caller knows to exist; a panic if it does not. */
export function* deref(ref: ObjRef): Code<number> {
  const local = yield csrRead('slocal');
  const rep = yield load(local + TRANSLATION_TABLE + ref);
  return rep !== 0 ? rep : yield* step(STEP.objectMiss, ref, missOrPanic(local, ref));
}

/**
 * This hart's representative of an object, or 0 if there is no such object (any more). With `wanted` a miss is handled
 * only if the class word of its representatives is one that it holds for.
 */
export function* tryDeref(ref: ObjRef, wanted?: (classWord: number) => boolean): Code<number> {
  const local = yield csrRead('slocal');
  const rep = yield load(local + TRANSLATION_TABLE + ref);
  return rep !== 0 ? rep : yield* step(STEP.objectMiss, ref, handleMiss(local, ref, wanted));
}

function* missOrPanic(local: number, ref: ObjRef): Code<number> {
  const rep = yield* handleMiss(local, ref);
  if (rep === 0) yield panic(PANIC.deadReference);
  return rep;
}

function* handleMiss(
  local: number,
  ref: ObjRef,
  wanted: (classWord: number) => boolean = () => true,
): Code<number> {
  for (;;) {
    const root = yield* missHandlerOf(local, ref);
    if (root <= 0 || (yield load(root + ROOT.class)) !== CLASS.root) return 0;
    if (!wanted(yield load((yield* new Root(root).primary()) + REP.class))) return 0;
    const rep = yield* new Root(root).handleMiss(local);
    if (rep !== LOOK_AGAIN) return rep;
  }
}

/** Forgets this hart's translations of the references of one hart's range: their next use misses. */
export function* forgetTranslations(local: number, ofHart: number): Code {
  const perHart = yield load(local + HART.refsPerHart);
  const first = local + TRANSLATION_TABLE + 4 * perHart * ofHart;
  for (let index = 0; index < perHart; index += 1) yield store(first + 4 * index, 0);
}
