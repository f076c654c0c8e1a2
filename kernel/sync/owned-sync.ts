/**
 * The synchronization objects of a process, by the handles that it knows them by. A handle is good in its process only.
 * The end of a process destroys its objects.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { allocate } from '../memory/heap.ts';
import { findByHandle, handleOf } from '../objects/handle.ts';
import { discardObject, type Made, prepareObject, publishObject } from '../objects/object.ts';
import { deref } from '../objects/translation-table.ts';
import { enterOwned, OWNED } from '../processes/owned.ts';
import { PROCESS, PROCESS_REP, recordOf } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { FIXED_BYTES, SYNC, SYNC_CLASSES } from './layout.ts';

/** What is to be made. */
export interface SyncRequest {
  readonly classWord: number;
  readonly bytes: number;
  /** Degree of clustering, as objects/degree.ts has it. */
  readonly degree: number;
}

/**
 * Makes an object of the thread's process that nobody can find yet; a reference of 0 if there is no memory. The caller
 * fills in what its kind has, and enters it.
 */
export function* createSync(thread: number, request: SyncRequest): Code<Made> {
  const local = yield csrRead('slocal');
  const made = yield* prepareObject(local, { ...request, fixed: FIXED_BYTES });
  if (made.ref === 0) return made;
  const process = yield* deref(yield load(thread + THREAD.process));
  yield store(made.rep + SYNC.home, made.rep);
  yield store(made.rep + SYNC.owner, yield load(process + PROCESS_REP.number));
  yield store(made.rep + SYNC.handle, yield* handleOf(local, made.ref));
  return made;
}

/** Lets an object be found, and enters it into the list of its process; gives its handle, or ENOMEM: then it is no more. */
export function* enterSync(thread: number, made: Made): Code<number> {
  if (made.ref === 0) return ERROR.ENOMEM;
  const local = yield csrRead('slocal');
  const record = yield* recordOf(yield load(thread + THREAD.process));
  const handle = yield load(made.rep + SYNC.handle);
  const link = yield* allocate(local, OWNED.SIZE);
  if (link === 0) {
    yield* discardObject(local, made);
    return ERROR.ENOMEM;
  }
  yield* publishObject(local, made);
  yield* enterOwned(record, PROCESS.syncs, link, handle);
  return handle;
}

// DOC: find-sync
/** This hart's representative of the object of a handle; 0 if the process has none of that class (any) by this handle. */
export function* findSync(thread: number, handle: number, classWord?: number): Code<number> {
  const wanted = (word: number): boolean =>
    classWord === undefined ? SYNC_CLASSES.includes(word) : word === classWord;
  const rep = yield* findByHandle(handle, wanted, SYNC.handle);
  if (rep === 0) return 0;
  const process = yield* deref(yield load(thread + THREAD.process));
  return (yield load(rep + SYNC.owner)) === (yield load(process + PROCESS_REP.number)) ? rep : 0;
}
