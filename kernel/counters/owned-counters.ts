/**
 * The counters of a process, by the handles (objects/handle.ts) that it knows them by. A handle is good in its process
 * only.
 *
 * *Locking:* the lock of the process's record guards the list of links.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { handleOf, refOfHandle } from '../objects/handle.ts';
import { destroyOwned, NO_OBJECT, publishObject } from '../objects/object.ts';
import { PROCESS } from '../processes/process.ts';
import { struct, word } from '../struct.ts';
import { COUNTER } from './layout.ts';
import { prepareCounter } from './counter-object.ts';

export const COUNTER_LINK = struct({ next: word, handle: word });

/** Makes a counter of a process; gives its handle, or ENOMEM. */
export function* addCounter(local: number, record: number, classWord: number, degree: number): Code<number> {
  const link = yield* allocate(local, COUNTER_LINK.SIZE);
  const made = link === 0 ? NO_OBJECT : yield* prepareCounter(local, classWord, degree);
  if (made.ref === 0) {
    if (link !== 0) yield* free(link);
    return ERROR.ENOMEM;
  }
  const handle = yield* handleOf(local, made.ref);
  yield store(made.rep + COUNTER.handle, handle);
  yield store(made.rep + COUNTER.owner, yield load(record + PROCESS.number));
  yield* publishObject(local, made);
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
  yield* destroyOwned(local, yield* refOfHandle(local, handle));
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
