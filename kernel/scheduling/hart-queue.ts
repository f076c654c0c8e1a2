/**
 * The run queue in HART: first come, first served. Round robin has no other; the other policies keep threads in it that
 * must go on on this hart, since they hold something of it, and those that are to be next.
 *
 * *Locking:* `runLock` guards runHead, runTail, runCount, and runNext of the threads in it.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { THREAD } from '../threads/thread.ts';

/** Puts a thread at the end; gives 1 if nothing waited there before. */
export function* append(local: number, thread: number): Code<number> {
  yield* acquire(local + HART.runLock);
  const tail = yield load(local + HART.runTail);
  yield store(thread + THREAD.runNext, 0);
  yield store(tail === 0 ? local + HART.runHead : tail + THREAD.runNext, thread);
  yield store(local + HART.runTail, thread);
  yield store(local + HART.runCount, (yield load(local + HART.runCount)) + 1);
  yield* release(local + HART.runLock);
  return tail === 0 ? 1 : 0;
}

/** Takes the first thread; gives 0 if there is none. */
export function* takeFirst(local: number): Code<number> {
  yield* acquire(local + HART.runLock);
  const thread = yield load(local + HART.runHead);
  if (thread !== 0) {
    const next = yield load(thread + THREAD.runNext);
    yield store(local + HART.runHead, next);
    if (next === 0) yield store(local + HART.runTail, 0);
    yield store(local + HART.runCount, (yield load(local + HART.runCount)) - 1);
  }
  yield* release(local + HART.runLock);
  return thread;
}

/** Puts a thread at the head. */
export function* prepend(local: number, thread: number): Code {
  yield* acquire(local + HART.runLock);
  yield* lockedPrepend(local, thread);
  yield* release(local + HART.runLock);
}

function* lockedPrepend(local: number, thread: number): Code {
  const head = yield load(local + HART.runHead);
  yield store(thread + THREAD.runNext, head);
  yield store(local + HART.runHead, thread);
  if (head === 0) yield store(local + HART.runTail, thread);
  yield store(local + HART.runCount, (yield load(local + HART.runCount)) + 1);
}

/** Moves a thread of the queue to its head; gives whether it was in the queue. */
export function* moveToHead(local: number, thread: number): Code<boolean> {
  yield* acquire(local + HART.runLock);
  let before = 0;
  let at = yield load(local + HART.runHead);
  while (at !== 0 && at !== thread) {
    before = at;
    at = yield load(at + THREAD.runNext);
  }
  if (at !== 0 && before !== 0) {
    const next = yield load(thread + THREAD.runNext);
    yield store(before + THREAD.runNext, next);
    if (next === 0) yield store(local + HART.runTail, before);
    yield store(local + HART.runCount, (yield load(local + HART.runCount)) - 1);
    yield* lockedPrepend(local, thread);
  }
  yield* release(local + HART.runLock);
  return at !== 0;
}
