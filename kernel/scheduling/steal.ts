/**
 * Work stealing, with procrastination: a hart that has nothing to do waits for a while before it takes a thread out of
 * another one's queue. A thread that comes into its own queue meanwhile is better off here. It waits by its timer, in wfi.
 *
 * *Locking:* `procrastinates` and `sliceEnd` are this hart's own. A queue is looked into without its lock first.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { THREAD } from '../threads/thread.ts';
import { programTimer } from '../threads/timer.ts';
import { acquire, release } from '../locks/mcs.ts';
import { mayRunOn } from './affinity.ts';
import type { Discipline } from './discipline.ts';
import { nthNearest } from './nearest.ts';
import { RUN_QUEUE } from './run-queue.ts';

/** Whether this hart steals, and has waited long enough. */
export function* mayStealNow(local: number): Code<boolean> {
  if ((yield load(local + HART.steals)) === 0) return false;
  if ((yield load(local + HART.procrastination)) === 0) return true;
  return (yield load(local + HART.procrastinates)) !== 0 && (yield load(local + HART.sliceEnd)) === 0;
}

// DOC: procrastinate
/** Before this hart sleeps: gives whether there is something to steal now. If so, but it is to wait, its timer is set. */
export function* procrastinate(local: number, rules: Discipline): Code<boolean> {
  const waits = (yield load(local + HART.procrastinates)) !== 0;
  if (waits && (yield load(local + HART.sliceEnd)) !== 0) return false;
  const found = (yield* findVictim(local, rules)) !== 0;
  if (!found) {
    yield store(local + HART.procrastinates, 0);
    return false;
  }
  const cycles = yield load(local + HART.procrastination);
  if (cycles === 0 || waits) return true;
  yield store(local + HART.procrastinates, 1);
  yield store(local + HART.sliceEnd, ((yield csrRead('time')) + cycles) | 0 || 1);
  yield* programTimer(local);
  return false;
}

// DOC: find-victim
/** The nearest queue that holds a thread which this hart may take, or 0. */
export function* findVictim(local: number, rules: Discipline): Code<number> {
  const harts = yield load(local + HART.harts);
  let last = yield load(local + HART.runQueue);
  for (let distance = 1; distance < harts; distance += 1) {
    const queue = yield load((yield* localOf(local, yield* nthNearest(local, distance))) + HART.runQueue);
    if (queue === last) continue;
    last = queue;
    if ((yield load(queue + RUN_QUEUE.count)) === 0) continue;
    if (yield* hasFor(local, queue, rules)) return queue;
  }
  return 0;
}

function* hasFor(local: number, queue: number, rules: Discipline): Code<boolean> {
  yield* acquire(queue + RUN_QUEUE.lock);
  let at = yield load(queue + RUN_QUEUE.head);
  while (at !== 0 && !(yield* mayRunOn(local, at, rules.fixed === true)))
    at = yield load(at + THREAD.runNext);
  yield* release(queue + RUN_QUEUE.lock);
  return at !== 0;
}
