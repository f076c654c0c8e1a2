/**
 * Making and destroying clustered objects. The caller makes and frees the representative, since it knows
 * its layout; here are its reference, its root and its entries in the tables.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { allocate, free } from '../memory/heap.ts';
import { allocateRef, missHandlerOf, registerRoot, releaseRef } from './miss-handler-table.ts';
import { SharedRoot, sharedRootSize } from './shared-root.ts';
import type { ObjRef } from './translation-table.ts';

/** Makes an object with one shared representative at `rep`; gives its reference, or 0 if there is no memory. */
export function* createShared(local: number, rep: number): Code<ObjRef> {
  const ref = yield* allocateRef(local);
  if (ref === 0) return 0;
  const root = yield* allocate(local, sharedRootSize(yield load(local + HART.harts)));
  if (root === 0) {
    yield* releaseRef(local, ref);
    return 0;
  }
  yield* new SharedRoot(root).initialize(ref, rep);
  yield* registerRoot(local, ref, root);
  return ref;
}

/**
 * Makes an object whose representative is a new zeroed block of `bytes` with the class word given; gives its
 * reference, or 0 if there is no memory.
 */
export function* createObject(local: number, classWord: number, bytes: number): Code<ObjRef> {
  const rep = yield* allocate(local, bytes);
  if (rep === 0) return 0;
  yield store(rep, classWord);
  const ref = yield* createShared(local, rep);
  if (ref === 0) yield* free(rep);
  return ref;
}

/** Destroys an object and its representative. Nobody may hold, or be able to look up, its reference. */
export function* destroyObject(local: number, ref: ObjRef, rep: number): Code {
  const root = yield* missHandlerOf(local, ref);
  yield* new SharedRoot(root).withdraw(local);
  yield* releaseRef(local, ref);
  yield* free(root);
  yield store(rep, 0);
  yield* free(rep);
}
