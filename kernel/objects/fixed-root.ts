/**
 * The root of an object that is there from the boot to the end and never changes: one representative, laid out
 * before the heap works. Works like any root, except that nothing can be created, replaced or destroyed.
 *
 * The heap itself stands on such objects (each node's DSM), so a miss here must not need the heap, nor a lock.
 *
 * *Locking:* none. An entry of the translation table is written by its own hart; the rest never changes.
 */
import { type Code, csrRead, load, panic, step, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { TRANSLATION_TABLE } from '../hart-local.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { struct, word } from '../struct.ts';
import { View } from '../view.ts';
import { missHandlerOf, type ObjRef } from './miss-handler-table.ts';

export const FIXED_ROOT = struct({ class: word, ref: word, rep: word });

export class FixedRoot extends View {
  *initialize(ref: ObjRef, rep: number): Code {
    yield store(this.address + FIXED_ROOT.class, CLASS.fixedRoot);
    yield store(this.address + FIXED_ROOT.ref, ref);
    yield store(this.address + FIXED_ROOT.rep, rep);
  }
}

/** Works like `deref`, for an object with a fixed root. */
export function* derefFixed(ref: ObjRef): Code<number> {
  const local = yield csrRead('slocal');
  const rep = yield load(local + TRANSLATION_TABLE + ref);
  return rep !== 0 ? rep : yield* step(STEP.objectMiss, ref, handleMiss(local, ref));
}

function* handleMiss(local: number, ref: ObjRef): Code<number> {
  const root = yield* missHandlerOf(local, ref);
  if (root <= 0) yield panic(PANIC.deadReference);
  const rep = yield load(root + FIXED_ROOT.rep);
  yield store(local + TRANSLATION_TABLE + ref, rep);
  return rep;
}
