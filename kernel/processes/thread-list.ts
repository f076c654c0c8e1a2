/**
 * The threads of a process, ended ones that nobody has joined included. Each representative of the process lists and
 * counts those that began on its harts; the record counts the representatives that have any. So threads come and go on
 * different harts without a common lock, and the last of all is still found: it is the last of the last representative.
 *
 * *Locking:* `threadLock` of the representative that the thread names (`part`); the caller of what is called `locked…`
 * holds it. The record's counts by atomic instructions, under such a lock.
 */
import { type Code, compareAndSwap, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { acquire, release } from '../locks/mcs.ts';
import { Root } from '../objects/root.ts';
import { THREAD } from '../threads/thread.ts';
import { PROCESS, PROCESS_REP } from './process.ts';

/** Numbers that a representative takes at a time. */
const NUMBERS = 16;

/** Puts a thread at the end. */
export function* lockedAppendThread(thread: number): Code {
  const part = yield load(thread + THREAD.part);
  const last = yield load(part + PROCESS_REP.lastThread);
  yield store(thread + THREAD.next, 0);
  yield store(last === 0 ? part + PROCESS_REP.threads : last + THREAD.next, thread);
  yield store(part + PROCESS_REP.lastThread, thread);
}

/** Takes a thread out. */
export function* lockedUnlinkThread(thread: number): Code {
  const part = yield load(thread + THREAD.part);
  let previous = 0;
  let at = yield load(part + PROCESS_REP.threads);
  while (at !== thread) {
    previous = at;
    at = yield load(at + THREAD.next);
  }
  const next = yield load(thread + THREAD.next);
  yield store(previous === 0 ? part + PROCESS_REP.threads : previous + THREAD.next, next);
  if (next === 0) yield store(part + PROCESS_REP.lastThread, previous);
}

// DOC: count-thread
/** Counts one more thread that is there, in a representative; gives false, and does not, if all others have left for good. */
export function* lockedCountThread(record: number, part: number): Code<boolean> {
  const running = yield load(part + PROCESS_REP.running);
  if (running === 0 && !(yield* countPart(record + PROCESS.running))) return false;
  yield store(part + PROCESS_REP.running, running + 1);
  const attached = yield load(part + PROCESS_REP.attached);
  if (attached === 0) yield fetchAndAdd(record + PROCESS.attached, 1);
  yield store(part + PROCESS_REP.attached, attached + 1);
  return true;
}

/** Counts one more representative with threads, unless there is none: then the process is at its end. */
function* countPart(count: number): Code<boolean> {
  for (let old = yield load(count); old !== 0; ) {
    const seen = yield compareAndSwap(count, old, old + 1);
    if (seen === old) return true;
    old = seen;
  }
  return false;
}

/** Takes a thread out of list and counts, unless no other of its process runs; gives whether it did. */
export function* lockedForget(record: number, thread: number): Code<boolean> {
  const part = yield load(thread + THREAD.part);
  const running = yield load(part + PROCESS_REP.running);
  if (running === 1 && !(yield* uncountPart(record + PROCESS.running))) return false;
  yield store(part + PROCESS_REP.running, running - 1);
  // Others run, and so are attached: the process cannot be at its end.
  yield* lockedUncount(part, PROCESS_REP.attached, record + PROCESS.attached);
  yield* lockedUnlinkThread(thread);
  return true;
}

/** Counts one representative less, unless it is the last. */
function* uncountPart(count: number): Code<boolean> {
  for (let old = yield load(count); old > 1; ) {
    const seen = yield compareAndSwap(count, old, old - 1);
    if (seen === old) return true;
    old = seen;
  }
  return false;
}

/** One thread less in a count of a representative; gives whether it was the last of the process. */
export function* lockedUncount(part: number, count: number, ofRecord: number): Code<boolean> {
  const left = (yield load(part + count)) - 1;
  yield store(part + count, left);
  return left === 0 && (yield fetchAndAdd(ofRecord, -1)) === 1;
}

/** Enters a thread at the end of its representative's list, and counts it, unless its process is dying. */
export function* attachThread(record: number, thread: number): Code<boolean> {
  const part = yield load(thread + THREAD.part);
  yield* acquire(part + PROCESS_REP.threadLock);
  const dying = (yield load(record + PROCESS.dying)) !== 0;
  const alive = !dying && (yield* lockedCountThread(record, part));
  if (alive) yield* lockedAppendThread(thread);
  yield* release(part + PROCESS_REP.threadLock);
  return alive;
}

// DOC: take-number
/** A number that no thread of the process has had. A representative takes several at a time. */
export function* takeNumber(record: number, part: number): Code<number> {
  yield* acquire(part + PROCESS_REP.threadLock);
  const number = yield* lockedTakeNumber(record, part);
  yield* release(part + PROCESS_REP.threadLock);
  return number;
}

/** The same, under the lock. */
export function* lockedTakeNumber(record: number, part: number): Code<number> {
  let number = yield load(part + PROCESS_REP.nextNumber);
  if (number % NUMBERS === 0) number = yield fetchAndAdd(record + PROCESS.nextThread, NUMBERS);
  yield store(part + PROCESS_REP.nextNumber, number + 1);
  return number + 1;
}

/** The first cluster from `from` on whose representative may list threads of a process, or -1. */
export function* nextPart(local: number, record: number, from: number): Code<number> {
  return yield* new Root(yield load(record + PROCESS.root)).nextCluster(local, from);
}

/** The representative of a cluster. */
export function* partAt(local: number, record: number, cluster: number): Code<number> {
  return yield* new Root(yield load(record + PROCESS.root)).repAt(local, cluster);
}

// DOC: lock-thread
/**
 * Finds a thread by its number: first in the representative that is given, then elsewhere. If there is one, the lock of
 * its representative is held afterwards, which the caller releases; otherwise gives 0.
 */
export function* lockThread(local: number, record: number, near: number, number: number): Code<number> {
  // What waits for a time limit has no number.
  if (number === 0) return 0;
  const own = yield* lockIn(near, number);
  if (own !== 0) return own;
  for (let at = yield* nextPart(local, record, 0); at >= 0; at = yield* nextPart(local, record, at + 1)) {
    const part = yield* partAt(local, record, at);
    const thread = part === near ? 0 : yield* lockIn(part, number);
    if (thread !== 0) return thread;
  }
  return 0;
}

function* lockIn(part: number, number: number): Code<number> {
  yield* acquire(part + PROCESS_REP.threadLock);
  for (let at = yield load(part + PROCESS_REP.threads); at !== 0; at = yield load(at + THREAD.next))
    if ((yield load(at + THREAD.number)) === number) return at;
  yield* release(part + PROCESS_REP.threadLock);
  return 0;
}

/** How many threads of a process have not begun to leave, at a glance. */
export function* runningThreads(local: number, record: number): Code<number> {
  let sum = 0;
  for (let at = yield* nextPart(local, record, 0); at >= 0; at = yield* nextPart(local, record, at + 1))
    sum += yield load((yield* partAt(local, record, at)) + PROCESS_REP.running);
  return sum;
}
