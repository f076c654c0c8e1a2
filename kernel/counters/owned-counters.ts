/** The counters of a process, by the handles that it knows them by. A handle is good in its process only. */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { allocate, free } from '../memory/heap.ts';
import { handleOf, refOfHandle } from '../objects/handle.ts';
import { destroyOwned, NO_OBJECT, publishObject } from '../objects/object.ts';
import { enterOwned, lastOwned, OWNED, takeOwned } from '../processes/owned.ts';
import { PROCESS } from '../processes/process.ts';
import { COUNTER } from './layout.ts';
import { prepareCounter } from './counter-object.ts';

/** Makes a counter of a process; gives its handle, or ENOMEM. */
export function* addCounter(local: number, record: number, classWord: number, degree: number): Code<number> {
  const link = yield* allocate(local, OWNED.SIZE);
  const made = link === 0 ? NO_OBJECT : yield* prepareCounter(local, classWord, degree);
  if (made.ref === 0) {
    if (link !== 0) yield* free(link);
    return ERROR.ENOMEM;
  }
  const handle = yield* handleOf(local, made.ref);
  yield store(made.rep + COUNTER.handle, handle);
  yield store(made.rep + COUNTER.owner, yield load(record + PROCESS.number));
  yield* publishObject(local, made);
  yield* enterOwned(record, PROCESS.counters, link, handle);
  return handle;
}

/** Destroys a counter of a process; gives 0, or EBADF if it has none of this handle (any more). */
export function* removeCounter(local: number, record: number, handle: number): Code<number> {
  if (!(yield* takeOwned(record, PROCESS.counters, handle))) return ERROR.EBADF;
  yield* destroyOwned(local, yield* refOfHandle(local, handle));
  return 0;
}

/** Destroys all counters of a process whose threads have left. */
export function* destroyCounters(local: number, record: number): Code {
  const list = PROCESS.counters;
  for (let handle = yield* lastOwned(record, list); handle !== 0; handle = yield* lastOwned(record, list))
    yield* removeCounter(local, record, handle);
}
