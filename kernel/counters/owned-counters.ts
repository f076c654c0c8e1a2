/**
 * The counters of a process, by the handles that it knows them by.
 *
 * A handle is the number of the object's reference, and above it a number that this hart has not given out lately: so
 * a stale handle is refused even if its reference is in use again. It is good in its process only.
 *
 * *Locking:* the lock of the process's record guards the list of links.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { destroyObject } from '../objects/object.ts';
import type { ObjRef } from '../objects/miss-handler-table.ts';
import { PROCESS } from '../processes/process.ts';
import { struct, word } from '../struct.ts';
import { COUNTER } from './layout.ts';
import { createCounter } from './counter-object.ts';
import { tryDeref } from '../objects/translation-table.ts';

export const COUNTER_LINK = struct({ next: word, handle: word });

/** Bits of a handle that hold the number of a reference. */
function* refBits(local: number): Code<number> {
  const refs = (yield load(local + HART.harts)) * (yield load(local + HART.refsPerHart));
  return 32 - Math.clz32(refs - 1);
}

/** The reference that a handle would be of; a forged one can give anything. */
export function* refOfHandle(local: number, handle: number): Code<ObjRef> {
  return 4 * (handle & ((1 << (yield* refBits(local))) - 1));
}

// DOC: counter-handle
function* handleOf(local: number, ref: ObjRef): Code<number> {
  const bits = yield* refBits(local);
  const serial = (yield load(local + HART.handles)) + 1;
  yield store(local + HART.handles, serial);
  return ((serial << bits) & 0x7fffffff) | (ref >>> 2);
}

/** Makes a counter of a process; gives its handle, or ENOMEM. */
export function* addCounter(local: number, record: number, classWord: number, degree: number): Code<number> {
  const link = yield* allocate(local, COUNTER_LINK.SIZE);
  const ref = link === 0 ? 0 : yield* createCounter(local, classWord, degree);
  if (ref === 0) {
    if (link !== 0) yield* free(link);
    return ERROR.ENOMEM;
  }
  const handle = yield* handleOf(local, ref);
  const rep = yield* tryDeref(ref);
  yield store(rep + COUNTER.handle, handle);
  yield store(rep + COUNTER.owner, yield load(record + PROCESS.number));
  yield store(link + COUNTER_LINK.handle, handle);
  yield* acquire(record + PROCESS.lock);
  yield store(link + COUNTER_LINK.next, yield load(record + PROCESS.counters));
  yield store(record + PROCESS.counters, link);
  yield* release(record + PROCESS.lock);
  return handle;
}

/** Destroys a counter of a process; gives 0, or EBADF if it has none of this handle (any more). */
export function* removeCounter(local: number, record: number, handle: number): Code<number> {
  yield* acquire(record + PROCESS.lock);
  let slot = record + PROCESS.counters;
  let link = yield load(slot);
  while (link !== 0 && (yield load(link + COUNTER_LINK.handle)) !== handle) {
    slot = link + COUNTER_LINK.next;
    link = yield load(slot);
  }
  if (link !== 0) yield store(slot, yield load(link + COUNTER_LINK.next));
  yield* release(record + PROCESS.lock);
  if (link === 0) return ERROR.EBADF;
  yield* free(link);
  yield* destroyObject(local, yield* refOfHandle(local, handle));
  return 0;
}

/** Destroys all counters of a process whose threads have left. */
export function* destroyCounters(local: number, record: number): Code {
  for (
    let link = yield load(record + PROCESS.counters);
    link !== 0;
    link = yield load(record + PROCESS.counters)
  )
    yield* removeCounter(local, record, yield load(link + COUNTER_LINK.handle));
}
