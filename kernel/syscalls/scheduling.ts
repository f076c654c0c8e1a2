/**
 * System calls about scheduling: affinity, priority and class of a thread of the caller's process (0: the caller itself);
 * yieldTo.
 *
 * *Locking:* the process lock guards what is set, and keeps the thread in being.
 */
import { type Code, csrRead, load, sendInterrupt, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PRIORITY, SCHEDULING } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { PROCESS, recordOf } from '../processes/process.ts';
import { policyOf } from '../scheduling/policies.ts';
import { STATE, THREAD } from '../threads/thread.ts';

/** The lock of the caller's process. */
export function* processLock(thread: number): Code<number> {
  return (yield* recordOf(yield load(thread + THREAD.process))) + PROCESS.lock;
}

/** A thread by number that has not ended, or ESRCH. The caller holds the process lock. */
export function* lockedSubject(thread: number, number: number): Code<number> {
  if (number === 0) return thread;
  const record = yield* recordOf(yield load(thread + THREAD.process));
  for (let at = yield load(record + PROCESS.threads); at !== 0; at = yield load(at + THREAD.next)) {
    if ((yield load(at + THREAD.number)) !== number) continue;
    return (yield load(at + THREAD.state)) === STATE.ended ? ERROR.ESRCH : at;
  }
  return ERROR.ESRCH;
}

/** Sets a word of a thread by which it is ranked; gives 0 or ESRCH. */
function* setWord(thread: number, number: number, field: number, value: number): Code<number> {
  const lock = yield* processLock(thread);
  yield* acquire(lock);
  const subject = yield* lockedSubject(thread, number);
  if (subject > 0) {
    yield store(subject + field, value);
    yield* lockedRerank(subject);
  }
  yield* release(lock);
  return Math.min(subject, 0);
}

/** Has a hart look at a thread that is ranked otherwise now. */
export function* lockedRerank(subject: number): Code {
  const local = yield csrRead('slocal');
  const hart = yield* (yield* policyOf(local)).reranked(local, subject);
  if (hart >= 0) yield sendInterrupt(hart);
}

/** Reads a word of a thread, plus an offset; gives it or ESRCH. */
function* getWord(thread: number, number: number, field: number, offset: number): Code<number> {
  const lock = yield* processLock(thread);
  yield* acquire(lock);
  const subject = yield* lockedSubject(thread, number);
  const value = subject > 0 ? (yield load(subject + field)) + offset : subject;
  yield* release(lock);
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
  const lock = yield* processLock(thread);
  yield* acquire(lock);
  const subject = yield* lockedSubject(thread, number);
  let result = subject;
  if (subject > 0) {
    const ready = subject !== thread && (yield load(subject + THREAD.state)) === STATE.runnable;
    const hastened = ready && (yield* (yield* policyOf(local)).hasten(local, subject));
    result = hastened ? 0 : ERROR.EAGAIN;
  }
  yield* release(lock);
  if (result === 0) yield store(local + HART.needReschedule, 1);
  return result;
}
