/**
 * From an object's reference to the representative on this hart.
 *
 * An ObjRef is the byte offset of the object's entry in the translation table, which every hart has at the
 * same place (an offset from `slocal`). A hit costs one load. An empty entry goes to the miss handler table,
 * whose handler, the object's root, finds or makes the representative and has it installed.
 *
 * *Locking:* none. An entry is written by its own hart, and cleared by the destroyer of the object, when nobody
 * can dereference it any more.
 */
import { type Code, csrRead, load, panic, step, store } from '../../hw/isa/index.ts';
import { HART, TRANSLATION_TABLE } from '../hart-local.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { missHandlerOf } from './miss-handler-table.ts';
import { SharedRoot } from './shared-root.ts';

/** The one name of an object, the same on every hart. */
export type ObjRef = number;

// DOC: deref
/** The address of this hart's representative of the object. */
export function* deref(ref: ObjRef): Code<number> {
  const local = yield csrRead('slocal');
  const rep = yield load(local + TRANSLATION_TABLE + ref);
  return rep !== 0 ? rep : yield* step(STEP.objectMiss, ref, handleMiss(local, ref));
}

function* handleMiss(local: number, ref: ObjRef): Code<number> {
  const root = yield* missHandlerOf(local, ref);
  if (root <= 0) yield panic(PANIC.deadReference);
  const rep = yield* new SharedRoot(root).handleMiss(yield load(local + HART.hart));
  yield store(local + TRANSLATION_TABLE + ref, rep);
  return rep;
}
