/**
 * What a process has of a kind, by the handles (objects/handle.ts) that it knows them by: lists of OWNED, at offset
 * `list` of its record, so that its end finds them all.
 *
 * *Locking:* the lock of the record guards the lists.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { acquire, release } from '../locks/mcs.ts';
import { lockedPush, lockedTakeOut } from '../list.ts';
import { free } from '../memory/heap.ts';
import { struct, word } from '../struct.ts';
import { PROCESS } from './process.ts';

export const OWNED = struct({ next: word, handle: word });

/** Enters a handle, by a block of OWNED.SIZE bytes of the heap. */
export function* enterOwned(record: number, list: number, link: number, handle: number): Code {
  yield store(link + OWNED.handle, handle);
  yield* acquire(record + PROCESS.lock);
  yield* lockedPush(record + list, OWNED.next, link);
  yield* release(record + PROCESS.lock);
}

// DOC: take-owned
/** Takes a handle out, and frees its block; gives whether the process had it: of several that try, one does. */
export function* takeOwned(record: number, list: number, handle: number): Code<boolean> {
  yield* acquire(record + PROCESS.lock);
  let link = yield load(record + list);
  while (link !== 0 && (yield load(link + OWNED.handle)) !== handle) link = yield load(link + OWNED.next);
  if (link !== 0) yield* lockedTakeOut(record + list, OWNED.next, link);
  yield* release(record + PROCESS.lock);
  if (link !== 0) yield* free(link);
  return link !== 0;
}

/** The handle that was entered last, or 0. */
export function* lastOwned(record: number, list: number): Code<number> {
  const link = yield load(record + list);
  return link === 0 ? 0 : yield load(link + OWNED.handle);
}
