/**
 * The time of a call is up: its limit goes on in the place of the caller.
 *
 * It becomes a thread of the caller's home, which is another process if the caller is a guest in the client. It leaves the
 * list that it is in before it is known whether it will; for a moment no process lists it, as in adopt.ts.
 *
 * *Locking:* the lock under which the caller is listed, then the linkage, held. Which one that is, is looked up before, and
 * again.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { acquire, release } from '../../locks/mcs.ts';
import type { ObjRef } from '../../objects/miss-handler-table.ts';
import { deref } from '../../objects/translation-table.ts';
import { isLast, tearDown } from '../../processes/end.ts';
import { PROCESS_REP } from '../../processes/process.ts';
import { loseThread } from '../../processes/reap.ts';
import { lockedAppendThread, lockedCountThread, lockedUnlinkThread } from '../../processes/thread-list.ts';
import { localBase } from '../../hart-local.ts';
import { THREAD } from '../../threads/thread.ts';
import { Process } from '../../vm/process.ts';
import { LINKAGE } from './layout.ts';
import { holdCall, letGoOn } from './linkage.ts';
import { lockedTakeName, lockedTakePlace } from './replace.ts';
import { backOut } from './return.ts';
import { letBindingGo } from './revoke.ts';

// DOC: lrpc-time-is-up
/** Puts a limit whose wait is over where its call came from, if the call is under way; gives what the call gives there, or 0. */
export function* expireCall(limit: number): Code<number> {
  const linkage = yield load(limit + THREAD.limits);
  const binding = yield load(linkage + LINKAGE.binding);
  const client = yield load(limit + THREAD.home);
  const own = yield load(limit + THREAD.part);
  yield* listed(own, limit, false);
  let replaced = false;
  for (let part = yield* partOfCaller(limit, linkage); part !== 0 && !replaced; ) {
    replaced = yield* replaceIn(part, limit, linkage);
    if (!replaced) part = yield* partOfCaller(limit, linkage);
  }
  if (!replaced) yield* listed(own, limit, true);
  yield store(limit + THREAD.limits, 0);
  yield* letBindingGo(binding, false);
  return replaced ? yield* leaveClient(limit, client, own) : 0;
}

/** Takes a limit out of the list of its representative, or puts it back. */
function* listed(part: number, limit: number, back: boolean): Code {
  yield* acquire(part + PROCESS_REP.threadLock);
  if (back) yield* lockedAppendThread(limit);
  else yield* lockedUnlinkThread(limit);
  yield* release(part + PROCESS_REP.threadLock);
}

/** Holds a linkage if the call of a limit is under way there, and wanted back; gives whether it is. */
function* holdMine(limit: number, linkage: number): Code<boolean> {
  if (!(yield* holdCall(linkage))) return false;
  const mine = (yield load(linkage + LINKAGE.limit)) === limit;
  if (mine && (yield load(linkage + LINKAGE.gone)) === 0) return true;
  if (mine) yield store(linkage + LINKAGE.limit, 0);
  yield* letGoOn(linkage);
  return false;
}

/** The representative that lists the thread that makes the call, or 0 if there is no such call any more. */
function* partOfCaller(limit: number, linkage: number): Code<number> {
  if (!(yield* holdMine(limit, linkage))) return 0;
  const part = yield load((yield load(linkage + LINKAGE.thread)) + THREAD.part);
  // Nobody at home wants a thread any more that is being adopted.
  if (part === 0) yield store(linkage + LINKAGE.limit, 0);
  yield* letGoOn(linkage);
  return part;
}

/**
 * Replaces the caller if a representative lists it still; gives whether it did. The representative may be that of a process
 * that has ended meanwhile: a temporary reference holds it.
 */
function* replaceIn(part: number, limit: number, linkage: number): Code<boolean> {
  yield* acquire(part + PROCESS_REP.threadLock);
  const held = yield* holdMine(limit, linkage);
  const captured = held ? yield load(linkage + LINKAGE.thread) : 0;
  const same = held && (yield load(captured + THREAD.part)) === part;
  if (same) {
    const record = yield load(part + PROCESS_REP.record);
    yield* lockedTakePlace(limit, linkage);
    yield* lockedTakeName(record, limit, captured);
    yield store(limit + THREAD.home, yield load(part + PROCESS_REP.ref));
    yield* lockedAppendThread(limit);
    yield* lockedCountThread(record, part);
  }
  if (held) yield* letGoOn(linkage);
  yield* release(part + PROCESS_REP.threadLock);
  return same;
}

/**
 * The client counts a limit no more where it was: it is now counted where the caller was. If that is another process, whose
 * thread was a guest in the client, and the limit was the last one of the client's own, the client ends.
 */
function* leaveClient(limit: number, client: ObjRef, part: number): Code<number> {
  const record = yield load(part + PROCESS_REP.record);
  const last = yield* isLast(record, part);
  if (last) yield* tearDown(limit, new Process(yield* deref(client)), record);
  yield* loseThread(yield* localBase(), record, part);
  if (!last) return ERROR.ETIMEDOUT;
  yield* backOut(limit);
  return ERROR.ECALLFAILED;
}
