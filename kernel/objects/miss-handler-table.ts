/**
 * The miss handler table: from a reference to the object's root. Partitioned over the harts by reference.
 *
 * Index i of the table lies on hart i / refsPerHart. If this hart's partition is not the one, the global miss
 * handler (code, over facts of which every node has a copy) works out where it is.
 * An entry is the root's address if positive; otherwise it is free: 0, or minus the index of the next free one.
 *
 * *Locking:* `refLock` of the partition's hart guards its free entries; an entry in use belongs to its object.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { HART, localOf, missHandlerOffset } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { STEP } from '../steps.ts';

/** The one name of an object, the same on every hart. */
export type ObjRef = number;

// DOC: miss-handler-of
/** The address of the root of an object, as this hart finds it; not positive if there is no such object. */
export function* missHandlerOf(local: number, ref: ObjRef): Code<number> {
  const index = ref >>> 2;
  const perHart = yield load(local + HART.refsPerHart);
  const home = (index / perHart) | 0;
  if (home !== (yield load(local + HART.hart))) {
    return yield* step(STEP.globalMiss, ref, globalMissHandler(local, index));
  }
  return yield load(yield* entryAt(local, local, index % perHart));
}

// DOC: global-miss-handler
/** Fetches a root from another hart's partition. How the table is divided stands in every node's NODE_BLOCK. */
function* globalMissHandler(local: number, index: number): Code<number> {
  const node = yield load(local + HART.nodeBlock);
  const perHart = yield load(node + NODE_BLOCK.refsPerHart);
  const harts = yield load(node + NODE_BLOCK.harts);
  const home = yield* localOf(local, (index / perHart) | 0);
  return yield load(home + missHandlerOffset(harts, perHart) + 4 * (index % perHart));
}

function* entryAt(local: number, homeLocal: number, index: number): Code<number> {
  const harts = yield load(local + HART.harts);
  const perHart = yield load(local + HART.refsPerHart);
  return homeLocal + missHandlerOffset(harts, perHart) + 4 * index;
}

function* entryOf(local: number, ref: ObjRef): Code<number> {
  const perHart = yield load(local + HART.refsPerHart);
  const index = ref >>> 2;
  return yield* entryAt(local, yield* localOf(local, (index / perHart) | 0), index % perHart);
}

/** Whether a word can be a reference at all: those of user programs can be anything. */
export function* isReference(local: number, ref: number): Code<boolean> {
  const end = 4 * (yield load(local + HART.harts)) * (yield load(local + HART.refsPerHart));
  return ref > 0 && ref < end && (ref & 3) === 0;
}

/** Enters the root of an object; 0 takes it out, and the reference stays taken. */
export function* registerRoot(local: number, ref: ObjRef, root: number): Code {
  yield store(yield* entryOf(local, ref), root);
}

/** Takes an unused reference, from this hart's partition if it has one; gives 0 if all are in use. */
export function* allocateRef(local: number): Code<ObjRef> {
  const harts = yield load(local + HART.harts);
  const me = yield load(local + HART.hart);
  for (let distance = 0; distance < harts; distance += 1) {
    const hart = (me + distance) % harts;
    const home = yield* localOf(local, hart);
    yield* acquire(home + HART.refLock);
    const index = yield* lockedTake(local, home);
    yield* release(home + HART.refLock);
    if (index !== 0) return 4 * (hart * (yield load(local + HART.refsPerHart)) + index);
  }
  return 0;
}

function* lockedTake(local: number, home: number): Code<number> {
  const free = yield load(home + HART.refFree);
  if (free !== 0) {
    yield store(home + HART.refFree, -(yield load(yield* entryAt(local, home, free))));
    return free;
  }
  const fresh = yield load(home + HART.refFresh);
  if (fresh >= (yield load(local + HART.refsPerHart))) return 0;
  yield store(home + HART.refFresh, fresh + 1);
  return fresh;
}

/** Gives a reference back. No translation table, and nobody, may hold it any more. */
export function* releaseRef(local: number, ref: ObjRef): Code {
  const perHart = yield load(local + HART.refsPerHart);
  const index = (ref >>> 2) % perHart;
  const home = yield* localOf(local, ((ref >>> 2) / perHart) | 0);
  yield* acquire(home + HART.refLock);
  yield store(yield* entryAt(local, home, index), -(yield load(home + HART.refFree)));
  yield store(home + HART.refFree, index);
  yield* release(home + HART.refLock);
}
