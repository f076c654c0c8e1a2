/**
 * Hot swap: another root for an object, with another degree of clustering or another class of representatives,
 * while calls are in flight. Here it begins; mediator.ts says how it goes on.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { defer } from './limbo.ts';
import { MEDIATOR } from './mediator.ts';
import { missHandlerOf, type ObjRef } from './miss-handler-table.ts';
import { createRoot } from './object.ts';
import { REP, Root, ROOT, ROOT_STATE } from './root.ts';

/** What the object is to become. */
export interface Replacement {
  /** Class word of its representatives. Default: the one that they have. */
  readonly classWord?: number;
  /** How many bytes further representatives copy. Default: as many as now. */
  readonly fixed?: number;
  /** Harts that share a representative. */
  readonly size: number;
}

// DOC: start-swap
/** Begins to replace an object's root; gives 0, EBADF if there is none, EBUSY if it is being replaced, or ENOMEM. */
export function* startSwap(local: number, ref: ObjRef, replacement: Replacement): Code<number> {
  const old = yield* missHandlerOf(local, ref);
  if (old <= 0) return ERROR.EBADF;
  const bytes = yield load(old + ROOT.bytes);
  const primary = yield load(old + ROOT.primary);
  const classWord = replacement.classWord ?? (yield load(primary + REP.class));
  const fixed = replacement.fixed ?? (yield load(old + ROOT.fixed));
  const shape = { classWord, bytes, fixed, size: replacement.size };
  const mediator = yield* allocate(local, MEDIATOR.SIZE);
  const made = mediator === 0 ? { root: 0, rep: 0 } : yield* createRoot(local, ref, shape);
  if (made.root === 0) {
    if (mediator !== 0) yield* free(mediator);
    return ERROR.ENOMEM;
  }
  const known = Math.min(fixed, yield load(old + ROOT.fixed));
  for (let offset = REP.SIZE; offset < known; offset += 4)
    yield store(made.rep + offset, yield load(primary + offset));
  yield store(mediator + MEDIATOR.class, CLASS.mediator);
  yield store(mediator + MEDIATOR.oldRoot, old);
  yield store(mediator + MEDIATOR.newRoot, made.root);
  const refused = yield* interpose(local, new Root(old), mediator);
  if (refused === 0) return 0;
  for (const block of [mediator, made.root, made.rep]) yield* free(block);
  return refused;
}

/** Puts the mediator in the place of the representatives; gives 0 or an error. */
function* interpose(local: number, root: Root, mediator: number): Code<number> {
  yield* acquire(root.address + ROOT.lock);
  const state = yield load(root.address + ROOT.state);
  const busy = state === ROOT_STATE.replaced || (yield load(root.address + ROOT.mediator)) !== 0;
  const ready = state === ROOT_STATE.live && !busy;
  if (ready) {
    yield store(root.address + ROOT.mediator, mediator);
    yield* root.setEntries(local, mediator);
  }
  yield* release(root.address + ROOT.lock);
  if (!ready) return busy ? ERROR.EBUSY : ERROR.EBADF;
  yield* defer(local, mediator);
  return 0;
}
