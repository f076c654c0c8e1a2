/**
 * Making and destroying clustered objects.
 *
 * Making has two steps, since a user program may look up any reference, given out or not: `prepareObject` makes an
 * object that no look-up finds; the caller fills in what further representatives copy; `publishObject` makes it known.
 *
 * Destruction has three steps: the caller removes the persistent references to the object; `destroyObject` makes
 * new uses impossible and withdraws the object from the translation tables; and when all temporary references have
 * ended (token.ts), its memory and its reference are free.
 */
import { type Code, load, panic, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { PANIC } from '../panics.ts';
import { clusterSize, DEGREE } from './degree.ts';
import { defer } from './limbo.ts';
import { MEDIATOR } from './mediator.ts';
import { allocateRef, missHandlerOf, type ObjRef, registerRoot, releaseRef } from './miss-handler-table.ts';
import { REP, Root, ROOT, ROOT_STATE, rootSize } from './root.ts';

/** What is to be made. */
export interface ObjectRequest {
  /** Class word of its representatives. */
  readonly classWord: number;
  /** Bytes of a representative, and how many of them further ones copy. */
  readonly bytes: number;
  readonly fixed: number;
  /** Degree of clustering, as degree.ts has it. Default: one representative. */
  readonly degree?: number;
}

/** An object that nobody can find yet: its reference, its root, and its first representative, still to be filled in. */
export interface Made {
  readonly ref: ObjRef;
  readonly root: number;
  readonly rep: number;
}

/** No object: there was no memory. */
export const NO_OBJECT: Made = Object.freeze({ ref: 0, root: 0, rep: 0 });

// DOC: create-object
/**
 * Makes an object with one representative, zeroes but for its header; gives references of 0 if there is no memory.
 * The caller fills in the fixed bytes, which later representatives copy, and publishes the object then.
 */
export function* prepareObject(local: number, request: ObjectRequest): Code<Made> {
  const { classWord, bytes, fixed, degree = DEGREE.shared } = request;
  const ref = yield* allocateRef(local);
  if (ref === 0) return NO_OBJECT;
  const size = yield* clusterSize(local, degree);
  const made = yield* createRoot(local, ref, { classWord, bytes, fixed, size });
  if (made.root === 0) {
    yield* releaseRef(local, ref);
    return NO_OBJECT;
  }
  return { ref, root: made.root, rep: made.rep };
}

/** Lets the object be found by its reference. Its fixed bytes must be there. */
export function* publishObject(local: number, { ref, root }: Made): Code {
  yield* registerRoot(local, ref, root);
}

/** Gives back an object that was never published. */
export function* discardObject(local: number, { root }: Made): Code {
  yield* defer(local, root);
}

/** Makes a root and its primary representative, which no table knows; gives 0 if there is no memory. */
export function* createRoot(
  local: number,
  ref: ObjRef,
  request: {
    readonly classWord: number;
    readonly bytes: number;
    readonly fixed: number;
    readonly size: number;
  },
): Code<{ readonly root: number; readonly rep: number }> {
  const rep = yield* allocate(local, request.bytes);
  const root = rep === 0 ? 0 : yield* allocate(local, rootSize(yield load(local + HART.harts), request.size));
  if (root === 0) {
    if (rep !== 0) yield* free(rep);
    return { root: 0, rep: 0 };
  }
  yield store(rep + REP.class, request.classWord);
  yield* new Root(root).initialize(local, ref, request, rep);
  return { root, rep };
}

// DOC: destroy-object
/** Destroys an object; gives whether it did: not if there is none, or somebody else was faster. */
export function* destroyObject(local: number, ref: ObjRef): Code<boolean> {
  for (;;) {
    const root = yield* missHandlerOf(local, ref);
    if (root <= 0) return false;
    const lock = root + ROOT.lock;
    yield* acquire(lock);
    const state = yield load(root + ROOT.state);
    const mediator = yield load(root + ROOT.mediator);
    let mine = state === ROOT_STATE.live;
    if (mine && mediator !== 0) {
      // In the middle of a hot swap: its end is the object's end.
      mine = (yield load(mediator + MEDIATOR.doomed)) === 0;
      yield store(mediator + MEDIATOR.doomed, 1);
    } else if (mine) yield store(root + ROOT.state, ROOT_STATE.dying);
    yield* release(lock);
    if (state === ROOT_STATE.replaced) continue;
    if (mine && mediator === 0) yield* withdraw(local, ref, new Root(root));
    return mine;
  }
}

/** Destroys an object of which the caller has the only persistent reference; a panic if somebody has done so already. */
export function* destroyOwned(local: number, ref: ObjRef): Code {
  if (!(yield* destroyObject(local, ref))) yield panic(PANIC.destroyedTwice);
}

function* withdraw(local: number, ref: ObjRef, root: Root): Code {
  yield* registerRoot(local, ref, 0);
  yield* root.setEntries(local, 0);
  yield* defer(local, root.address);
}
