/**
 * From a discipline to a policy: queues, idle harts, stealing.
 *
 * A thread that is ready goes into the run queue of the hart to which the discipline routes it; a hart that needs a
 * thread takes the one of the highest rank there. Some threads must go on on their hart first, to let go of what belongs
 * to it (stays.ts): they go into that hart's own queue, which comes before, and give the hart up on their way to user
 * mode if others wait.
 *
 * *Locking:* see run-queue.ts, hart-queue.ts, idle-harts.ts. No two of these locks are held together.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { SCHEDULING } from '../abi/flags.ts';
import { HART, localOf } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { STATE, THREAD } from '../threads/thread.ts';
import { programTimer } from '../threads/timer.ts';
import { noteRun } from './accounts.ts';
import { hasAffinity, mayRunOn } from './affinity.ts';
import type { Discipline } from './discipline.ts';
import { append, moveToHead, prepend, takeFirst } from './hart-queue.ts';
import { announceIdle, claimBest, claimIdle, withdrawIdle } from './idle-harts.ts';
import { giveWaySoon, overtake } from './overtake.ts';
import { placeInTurn } from './place.ts';
import type { Policy } from './policy.ts';
import { rankOf } from './rank.ts';
import { NO_PLACE, type Place, RUN_QUEUE, RunQueue } from './run-queue.ts';
import { findVictim, mayStealNow, procrastinate } from './steal.ts';
import { staysOnHart } from './stays.ts';

/** The policy that carries a discipline out. */
export const queued = (discipline: Discipline): Policy => {
  const rules = Object.freeze({ ...discipline });
  return {
    name: rules.name,
    summary: rules.summary,
    roams: true,
    degree: rules.degree,
    steals: rules.steals ?? false,
    slotted: rules.slotted ?? false,
    hasLedger: rules.hasLedger ?? false,
    ready: (local, thread) => ready(rules, local, thread),
    pick: (local) => pick(rules, local),
    leaves: rules.leaves,
    idle: (local) => idle(rules, local),
    slices: (_local, thread) => slices(rules, thread),
    waiting,
    place: placeInTurn,
    hasten: (local, thread) => hasten(rules, local, thread),
    reranked: (local, thread) => reranked(rules, local, thread),
  };
};

// DOC: ready-thread
function* ready(rules: Discipline, local: number, thread: number): Code<number> {
  if (yield* staysOnHart(thread)) {
    const hart = yield load(thread + THREAD.hart);
    yield* append(yield load(thread + THREAD.local), thread);
    return (yield* claimIdle(hart)) ? hart : -1;
  }
  const gaveWay = (yield load(thread + THREAD.waitReason)) === 0;
  if (rules.queues !== undefined) yield* rules.queues(local, thread, gaveWay);
  yield store(thread + THREAD.readySince, yield csrRead('time'));
  const home = yield* localOf(local, yield* routed(rules, local, thread));
  yield* new RunQueue(yield load(home + HART.runQueue)).append(thread);
  return yield* findHart(rules, local, home, thread);
}

/**
 * The hart in whose queue a thread is to wait: where it has been directed, or as the discipline has it. One that has to stay
 * goes to where it has been directed by itself, when it may (threads/move.ts).
 */
function* routed(rules: Discipline, local: number, thread: number): Code<number> {
  const stays = rules.fixed === true || (yield load(thread + THREAD.workerPort)) !== 0;
  const directed = stays ? 0 : yield load(thread + THREAD.goTo);
  if (directed !== 0) return directed - 1;
  return stays || rules.route === undefined
    ? yield load(thread + THREAD.hart)
    : yield* rules.route(local, thread);
}

/** The hart that has to be interrupted for a thread in the queue of the one at `home`, or -1. Called without a lock. */
function* findHart(rules: Discipline, local: number, home: number, thread: number): Code<number> {
  const idle = yield* claimBest(local, home, thread, rules);
  return idle >= 0 || rules.preempts !== true ? idle : yield* overtake(rules, local, home, thread);
}

/** A thread's priority, affinity or class has changed. */
function* reranked(rules: Discipline, local: number, thread: number): Code<number> {
  const target = yield load(thread + THREAD.local);
  if ((yield load(thread + THREAD.state)) !== STATE.running)
    return (yield load(thread + THREAD.runQueue)) === 0 ? -1 : yield* findHart(rules, local, target, thread);
  return yield* giveWaySoon(local, target);
}

// DOC: pick-thread
function* pick(rules: Discipline, local: number): Code<number> {
  yield* withdrawIdle(local);
  const thread = yield* choose(rules, local);
  if (thread === 0) return 0;
  if ((yield load(local + HART.procrastinates)) !== 0) {
    yield store(local + HART.procrastinates, 0);
    yield store(local + HART.sliceEnd, 0);
    yield* programTimer(local);
  }
  // Before it is on this hart: with the rank for which it has been taken.
  if (rules.preempts === true) yield store(local + HART.rank, yield* rankOf(rules, local, thread));
  yield* noteRun(local, thread);
  if (rules.runs !== undefined) yield* rules.runs(local, thread);
  return thread;
}

function* choose(rules: Discipline, local: number): Code<number> {
  if ((yield load(local + HART.runHead)) !== 0) {
    const thread = yield* takeFirst(local);
    // It gives way when it has let go of what is this hart's.
    if (thread !== 0) {
      if ((yield load(local + HART.hastened)) !== thread) yield store(local + HART.needReschedule, 1);
      yield store(local + HART.hastened, 0);
      return thread;
    }
  }
  const queue = yield load(local + HART.runQueue);
  if (queue === 0) return 0;
  const own = (yield load(queue + RUN_QUEUE.count)) === 0 ? 0 : yield* takeBest(rules, local, queue);
  if (own !== 0 || !(yield* mayStealNow(local))) return own;
  const victim = yield* findVictim(local, rules);
  return victim === 0 ? 0 : yield* takeBest(rules, local, victim);
}

/** Takes the best thread for this hart out of a queue; gives 0 if there is none. */
function* takeBest(rules: Discipline, local: number, queue: number): Code<number> {
  yield* acquire(queue + RUN_QUEUE.lock);
  const place = yield* lockedBest(rules, local, queue);
  if (place.thread !== 0 && rules.takes !== undefined) yield* rules.takes(local, queue, place.thread);
  if (place.thread !== 0) yield* new RunQueue(queue).lockedRemove(place);
  yield* release(queue + RUN_QUEUE.lock);
  return place.thread;
}

// DOC: locked-best
function* lockedBest(rules: Discipline, local: number, queue: number): Code<Place> {
  let best = NO_PLACE;
  let highest = 0;
  let before = 0;
  let at = yield load(queue + RUN_QUEUE.head);
  while (at !== 0) {
    if (yield* mayRunOn(local, at, rules.fixed === true)) {
      if (rules.rank === undefined) return { thread: at, before };
      const rank = yield* rankOf(rules, local, at);
      if (best.thread === 0 || rank > highest) {
        best = { thread: at, before };
        highest = rank;
      }
    }
    before = at;
    at = yield load(at + THREAD.runNext);
  }
  return best;
}

// DOC: go-idle
function* idle(rules: Discipline, local: number): Code<boolean> {
  yield* announceIdle(local);
  if ((yield load(local + HART.runHead)) !== 0) return true;
  const queue = yield load(local + HART.runQueue);
  if (queue === 0) return false;
  yield* acquire(queue + RUN_QUEUE.lock);
  const place = yield* lockedBest(rules, local, queue);
  yield* release(queue + RUN_QUEUE.lock);
  if (place.thread !== 0) return true;
  return (yield load(local + HART.steals)) !== 0 && (yield* procrastinate(local, rules));
}

function* waiting(local: number): Code<boolean> {
  if ((yield load(local + HART.runHead)) !== 0) return true;
  return (yield load((yield load(local + HART.runQueue)) + RUN_QUEUE.count)) > 0;
}

/** A thread of this hart's own queue, or one that may run here and can be had out of its queue. */
function* hasten(rules: Discipline, local: number, thread: number): Code<boolean> {
  yield store(local + HART.hastened, thread);
  if ((yield load(thread + THREAD.local)) === local && (yield* moveToHead(local, thread))) return true;
  const queue = yield load(thread + THREAD.runQueue);
  if (queue === 0 || !(yield* mayRunOn(local, thread, rules.fixed === true))) return false;
  if (!(yield* hasAffinity(local, thread)) || !(yield* new RunQueue(queue).take(thread))) return false;
  yield* prepend(local, thread);
  return true;
}

function* slices(rules: Discipline, thread: number): Code<boolean> {
  return rules.hasClasses !== true || (yield load(thread + THREAD.schedulingClass)) !== SCHEDULING.FIFO;
}
