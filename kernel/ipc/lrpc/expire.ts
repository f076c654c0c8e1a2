/**
 * The time of a call is up: its limit goes on in the place of the caller.
 *
 * The caller may be a guest in the client, whose home is another process: then the limit becomes a thread of that one. It
 * leaves the list of the client before it is known whether it will; for a moment no process lists it, as in adopt.ts.
 *
 * *Locking:* the lock of the caller's home, then the linkage, held. Which home that is, is looked up before, and again.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { CLASS } from '../../classes.ts';
import { acquire, release } from '../../locks/mcs.ts';
import type { ObjRef } from '../../objects/miss-handler-table.ts';
import { deref, tryDeref } from '../../objects/translation-table.ts';
import { isLast, tearDown } from '../../processes/end.ts';
import { PROCESS, PROCESS_REP, recordOf } from '../../processes/process.ts';
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
  let replaced = false;
  for (let home = yield* homeOfCaller(limit, linkage); home !== 0 && !replaced; ) {
    replaced =
      home === client
        ? yield* replaceIn(yield* recordOf(home), limit, linkage, home)
        : yield* replaceGuest(limit, linkage, home);
    if (!replaced) home = yield* homeOfCaller(limit, linkage);
  }
  yield store(limit + THREAD.limits, 0);
  yield* letBindingGo(binding, false);
  if (!replaced) return 0;
  const isGuest = client !== (yield load(limit + THREAD.home));
  return isGuest ? yield* leaveClient(limit, client) : ERROR.ETIMEDOUT;
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

/** The process whose thread makes the call, or 0 if there is no such call any more. */
function* homeOfCaller(limit: number, linkage: number): Code<ObjRef> {
  if (!(yield* holdMine(limit, linkage))) return 0;
  const home = yield load((yield load(linkage + LINKAGE.thread)) + THREAD.home);
  yield* letGoOn(linkage);
  return home;
}

/** Replaces the caller if it is a thread of a process still; gives whether it did. */
function* replaceIn(record: number, limit: number, linkage: number, home: ObjRef): Code<boolean> {
  yield* acquire(record + PROCESS.lock);
  const held = yield* holdMine(limit, linkage);
  const captured = held ? yield load(linkage + LINKAGE.thread) : 0;
  const same = held && (yield load(captured + THREAD.home)) === home;
  if (same) {
    yield* lockedTakePlace(limit, linkage);
    yield* lockedTakeName(record, limit, captured);
    if (home !== (yield load(limit + THREAD.home))) {
      yield store(limit + THREAD.home, home);
      yield* lockedAppendThread(record, limit);
      yield* lockedCountThread(record);
    }
  }
  if (held) yield* letGoOn(linkage);
  yield* release(record + PROCESS.lock);
  return same;
}

const isProcess = (classWord: number): boolean => classWord === CLASS.processRep;

/** The same where the caller is a guest in the limit's process. */
function* replaceGuest(limit: number, linkage: number, home: ObjRef): Code<boolean> {
  const rep = yield* tryDeref(home, isProcess);
  if (rep === 0) return false;
  const client = yield load(limit + THREAD.home);
  const record = yield* recordOf(client);
  yield* acquire(record + PROCESS.lock);
  yield* lockedUnlinkThread(record, limit);
  yield* release(record + PROCESS.lock);
  if (yield* replaceIn(yield load(rep + PROCESS_REP.record), limit, linkage, home)) return true;
  yield* acquire(record + PROCESS.lock);
  yield* lockedAppendThread(record, limit);
  yield* release(record + PROCESS.lock);
  return false;
}

/** The client counts a limit as its own no more, which is its guest now. If it was the last one there, the client ends. */
function* leaveClient(limit: number, client: ObjRef): Code<number> {
  const record = yield* recordOf(client);
  const last = yield* isLast(record);
  if (last) yield* tearDown(limit, new Process(yield* deref(client)), record);
  yield* loseThread(yield* localBase(), record);
  if (!last) return ERROR.ETIMEDOUT;
  yield* backOut(limit);
  return ERROR.ECALLFAILED;
}
