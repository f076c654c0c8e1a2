/**
 * Gang scheduling: threads of one process run at the same time (Ousterhout, *Scheduling Techniques for Concurrent Systems*,
 * ICDCS 1982: coscheduling). Time is divided into slots, as long as a slice, which end on all harts at once. Who takes the
 * first thread in a slot takes the one that has waited longest, and announces its process; for the rest of the slot the
 * other harts prefer threads of that process, and take what there is if it has no more. A thread of it that becomes ready
 * takes a hart from one of another process. So processes take turns, and a thread that still waits, since it may run on
 * few harts only, goes first after PATIENCE slices.
 *
 * Simpler than Ousterhout's: there is no matrix of slots and harts, a thread has no hart of its own; a gang is not kept
 * for the next slot; one that waits as a whole leaves the rest of its slot to whoever is ready. Harts have a gang in common
 * if they have a run queue in common.
 *
 * *Locking:* the announcement is in `own` words of the run queue: changed under its lock, in the same hold in which the
 * thread is taken, so that no other hart chooses in between. It is read without the lock by who looks for a hart.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { THREAD } from '../threads/thread.ts';
import { overdue } from './patience.ts';
import type { Policy } from './policy.ts';
import { queued } from './queued.ts';
import { RUN_QUEUE } from './run-queue.ts';

/** Slices after which a thread that waits goes first. */
const PATIENCE = 32;

/** The announcement: the process whose slot it is, and the number of the slot. */
const GANG = Object.freeze({ process: RUN_QUEUE.own, slot: RUN_QUEUE.own + 4 });

/** The slot that it is, by the clock of the hart that asks. */
function* slotNow(local: number): Code<number> {
  return Math.floor(((yield csrRead('time')) >>> 0) / (yield load(local + HART.slice)));
}

/** The process that has been announced for this slot, or 0. Clocks differ a little: another hart may be in the next slot. */
function* announced(local: number, queue: number): Code<number> {
  const ahead = (yield load(queue + GANG.slot)) - (yield* slotNow(local));
  return ahead === 0 || ahead === 1 ? yield load(queue + GANG.process) : 0;
}

// DOC: gang-rank
function* rank(target: number, thread: number): Code<number> {
  const waited = yield* overdue(target, thread, PATIENCE);
  if (waited !== 0) return waited;
  const gang = yield* announced(target, yield load(target + HART.runQueue));
  return gang !== 0 && gang === (yield load(thread + THREAD.home)) ? 1 : 0;
}

// DOC: announce-gang
/** Called with the queue's lock held. */
function* takes(local: number, queue: number, thread: number): Code {
  if ((yield* announced(local, queue)) !== 0) return;
  yield store(queue + GANG.process, yield load(thread + THREAD.home));
  yield store(queue + GANG.slot, yield* slotNow(local));
}

export const gang: Policy = Object.freeze(
  queued({
    name: 'gang',
    summary:
      'Threads of one process run at the same time on different harts; processes take turns, slot by slot.',
    degree: 'shared',
    slotted: true,
    preempts: true,
    rank,
    takes,
  }),
);
