/**
 * System calls about scheduling: affinity, priority and class of a thread of the caller's process (0: the caller itself);
 * yieldTo.
 *
 * *Locking:* the lock under which the thread is listed guards what is set, and keeps it in being.
 */
import { type Code, csrRead, load, sendInterrupt, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PRIORITY, SCHEDULING } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { deref } from '../objects/translation-table.ts';
import { PROCESS_REP } from '../processes/process.ts';
import { lockThread } from '../processes/thread-list.ts';
import { policyOf } from '../scheduling/policies.ts';
import { STATE, THREAD } from '../threads/thread.ts';

/** A thread by number that has not ended, with the lock held under which it is listed; or ESRCH, and no lock. */
export function* lockSubject(thread: number, number: number): Code<number> {
  const near = yield* deref(yield load(thread + THREAD.process));
  const record = yield load(near + PROCESS_REP.record);
  const subject =
    number === 0 ? yield* lockSelf(thread) : yield* lockThread(yield csrRead('slocal'), record, near, number);
  if (subject === 0) return ERROR.ESRCH;
  if ((yield load(subject + THREAD.state)) !== STATE.ended) return subject;
  yield* unlockSubject(subject);
  return ERROR.ESRCH;
}

/** A thread that runs is adopted by nobody but itself. */
function* lockSelf(thread: number): Code<number> {
  yield* acquire((yield load(thread + THREAD.part)) + PROCESS_REP.threadLock);
  return thread;
}

/** Releases the lock under which a thread is listed. */
export function* unlockSubject(subject: number): Code {
  yield* release((yield load(subject + THREAD.part)) + PROCESS_REP.threadLock);
}

/** Sets a word of a thread by which it is ranked; gives 0 or ESRCH. */
function* setWord(thread: number, number: number, field: number, value: number): Code<number> {
  const subject = yield* lockSubject(thread, number);
  if (subject < 0) return subject;
  yield store(subject + field, value);
  yield* lockedRerank(subject);
  yield* unlockSubject(subject);
  return 0;
}

/** Has a hart look at a thread that is ranked otherwise now. */
export function* lockedRerank(subject: number): Code {
  const local = yield csrRead('slocal');
  const hart = yield* (yield* policyOf(local)).reranked(local, subject);
  if (hart >= 0) yield sendInterrupt(hart);
}

/** Reads a word of a thread, plus an offset; gives it or ESRCH. */
function* getWord(thread: number, number: number, field: number, offset: number): Code<number> {
  const subject = yield* lockSubject(thread, number);
  if (subject < 0) return subject;
  const value = (yield load(subject + field)) + offset;
  yield* unlockSubject(subject);
  return value;
}

/** threadSetPriority(thread, priority) */
export function* threadSetPriority(thread: number, number: number, priority: number): Code<number> {
  if (priority < PRIORITY.LEAST || priority > PRIORITY.MOST) return ERROR.EINVAL;
  return yield* setWord(thread, number, THREAD.priority, priority - PRIORITY.NORMAL);
}

/** threadGetPriority(thread) */
export function* threadGetPriority(thread: number, number: number): Code<number> {
  return yield* getWord(thread, number, THREAD.priority, PRIORITY.NORMAL);
}

/** threadSetClass(thread, class) */
export function* threadSetClass(thread: number, number: number, kind: number): Code<number> {
  if (kind < SCHEDULING.NORMAL || kind > SCHEDULING.IDLE) return ERROR.EINVAL;
  return yield* setWord(thread, number, THREAD.schedulingClass, kind);
}

/** threadGetClass(thread) */
export function* threadGetClass(thread: number, number: number): Code<number> {
  return yield* getWord(thread, number, THREAD.schedulingClass, 0);
}

// DOC: yield-to
/** yieldTo(thread): the way back to user mode gives the hart to that one, if it is ready and may run here. */
export function* yieldTo(thread: number, number: number): Code<number> {
  const local = yield csrRead('slocal');
  const subject = yield* lockSubject(thread, number);
  if (subject < 0) return subject;
  const ready = subject !== thread && (yield load(subject + THREAD.state)) === STATE.runnable;
  const hastened = ready && (yield* (yield* policyOf(local)).hasten(local, subject));
  yield* unlockSubject(subject);
  if (!hastened) return ERROR.EAGAIN;
  yield store(local + HART.needReschedule, 1);
  return 0;
}
