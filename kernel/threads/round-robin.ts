/**
 * Round robin: each hart has a first-come, first-served queue; a thread whose slice has ended goes to its end.
 * New threads go to the harts in turn.
 *
 * *Locking:* `runLock` guards run…; `waiting` looks without it, since a stale answer is put right by the
 * interrupt that follows every enqueueing from another hart.
 */
import { type Code, fetchAndAdd, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import type { Policy } from './policy.ts';
import { THREAD } from './thread.ts';

function* enqueue(local: number, thread: number): Code<number> {
  yield* acquire(local + HART.runLock);
  const tail = yield load(local + HART.runTail);
  yield store(thread + THREAD.runNext, 0);
  yield store(tail === 0 ? local + HART.runHead : tail + THREAD.runNext, thread);
  yield store(local + HART.runTail, thread);
  yield store(local + HART.runCount, (yield load(local + HART.runCount)) + 1);
  yield* release(local + HART.runLock);
  return tail === 0 ? 1 : 0;
}

function* pick(local: number): Code<number> {
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

function* waiting(local: number): Code<number> {
  return yield load(local + HART.runCount);
}

function* place(local: number): Code<number> {
  const turn = yield fetchAndAdd(GLOBAL + NODE_BLOCK.nextHart, 1);
  return (turn >>> 0) % (yield load(local + HART.harts));
}

export const roundRobin: Policy = Object.freeze({
  name: 'round-robin',
  summary: 'First come, first served on each hart, with time slices; new threads go to the harts in turn.',
  enqueue,
  pick,
  waiting,
  place,
});
