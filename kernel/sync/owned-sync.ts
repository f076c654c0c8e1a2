/**
 * The synchronization objects of a process, by the handles (objects/handle.ts) that it knows them by. A handle is good
 * in its process only. The end of a process destroys its objects.
 *
 * *Locking:* the lock of the process's record guards the list of links.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { handleOf, refOfHandle } from '../objects/handle.ts';
import { isReference } from '../objects/miss-handler-table.ts';
import { discardObject, type Made, prepareObject, publishObject } from '../objects/object.ts';
import { deref, tryDeref } from '../objects/translation-table.ts';
import { PROCESS, PROCESS_REP, recordOf } from '../processes/process.ts';
import { struct, word } from '../struct.ts';
import { THREAD } from '../threads/thread.ts';
import { FIXED_BYTES, SYNC, SYNC_CLASSES } from './layout.ts';

export const SYNC_LINK = struct({ next: word, handle: word });

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
  const link = yield* allocate(local, SYNC_LINK.SIZE);
  if (link === 0) {
    yield* discardObject(local, made);
    return ERROR.ENOMEM;
  }
  yield store(link + SYNC_LINK.handle, handle);
  yield* publishObject(local, made);
  yield* acquire(record + PROCESS.lock);
  yield store(link + SYNC_LINK.next, yield load(record + PROCESS.syncs));
  yield store(record + PROCESS.syncs, link);
  yield* release(record + PROCESS.lock);
  return handle;
}

// DOC: find-sync
/** This hart's representative of the object of a handle; 0 if the process has none of that class (any) by this handle. */
export function* findSync(thread: number, handle: number, classWord?: number): Code<number> {
  const local = yield csrRead('slocal');
  const ref = yield* refOfHandle(local, handle);
  if (!(yield* isReference(local, ref))) return 0;
  const wanted = (word: number): boolean =>
    classWord === undefined ? SYNC_CLASSES.includes(word) : word === classWord;
  const rep = yield* tryDeref(ref, wanted);
  if (rep === 0 || (yield load(rep + SYNC.handle)) !== handle) return 0;
  const process = yield* deref(yield load(thread + THREAD.process));
  if ((yield load(rep + SYNC.owner)) !== (yield load(process + PROCESS_REP.number))) return 0;
  return wanted(yield load(rep + SYNC.class)) ? rep : 0;
}

/** Takes an object out of the list of its process, in which it is. */
export function* removeSync(record: number, handle: number): Code {
  yield* acquire(record + PROCESS.lock);
  let slot = record + PROCESS.syncs;
  let link = yield load(slot);
  while (link !== 0 && (yield load(link + SYNC_LINK.handle)) !== handle) {
    slot = link + SYNC_LINK.next;
    link = yield load(slot);
  }
  if (link !== 0) yield store(slot, yield load(link + SYNC_LINK.next));
  yield* release(record + PROCESS.lock);
  if (link !== 0) yield* free(link);
}
