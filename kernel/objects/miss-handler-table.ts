/**
 * The miss handler table: from a reference to the object's root. Partitioned over the harts by reference.
 *
 * Index i of the table lies on hart i / refsPerHart. If this hart's partition is not the one, the global miss
 * handler (code that every node has, over constants that every hart has) works out where it is.
 * An entry is the root's address if positive; otherwise it is free: 0, or minus the index of the next free one.
 *
 * *Locking:* `refLock` of the partition's hart guards its free entries; an entry in use belongs to its object.
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { HART, localOf, missHandlerOffset } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { STEP } from '../steps.ts';
import type { ObjRef } from './translation-table.ts';

/** The address of the root of an object, as this hart finds it. */
export function* missHandlerOf(local: number, ref: ObjRef): Code<number> {
  const index = ref >>> 2;
  const perHart = yield load(local + HART.refsPerHart);
  const home = (index / perHart) | 0;
  if (home !== (yield load(local + HART.hart))) {
    return yield* step(STEP.globalMiss, ref, globalMissHandler(local, home, index % perHart));
  }
  return yield load(yield* entryAt(local, local, index % perHart));
}

function* globalMissHandler(local: number, home: number, index: number): Code<number> {
  return yield load(yield* entryAt(local, yield* localOf(local, home), index));
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

/** Enters the root of an object. */
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

/** Gives a reference back. No translation table may hold it any more. */
export function* releaseRef(local: number, ref: ObjRef): Code {
  const perHart = yield load(local + HART.refsPerHart);
  const index = (ref >>> 2) % perHart;
  const home = yield* localOf(local, ((ref >>> 2) / perHart) | 0);
  yield* acquire(home + HART.refLock);
  yield store(yield* entryAt(local, home, index), -(yield load(home + HART.refFree)));
  yield store(home + HART.refFree, index);
  yield* release(home + HART.refLock);
}
