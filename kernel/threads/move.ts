/**
 * A thread leaves its hart on its way back to user mode, where it holds nothing that belongs to a hart: it has been
 * directed to another one, or gives way to others, under a policy by which any hart may run it next.
 *
 * It may be put into a queue out of which another hart takes it only when this hart has left its kernel context: else
 * two harts would run on one stack. So the dispatcher does it, after the switch.
 */
import { type Code, fetchAndStore, load, store } from '../../hw/isa/index.ts';
import { HART, localOf } from '../hart-local.ts';
import { mustStay } from '../ipc/abandon.ts';
import { hasAffinity } from '../scheduling/affinity.ts';
import { enterGeneration, leaveGeneration } from '../objects/generations.ts';
import { switchAway } from './switch.ts';
import { THREAD } from './thread.ts';
import { makeRunnable } from './wake.ts';

// DOC: move-thread
/** Goes where the thread has been directed to; gives false if it is there, or has not been directed. */
export function* moveIfDirected(local: number, thread: number): Code<boolean> {
  if ((yield load(thread + THREAD.goTo)) === 0 || (yield* mustStay(thread))) return false;
  const hart = (yield fetchAndStore(thread + THREAD.goTo, 0)) - 1;
  if (hart < 0 || hart === (yield load(local + HART.hart))) return false;
  // It has come to another hart meanwhile, which will do as well.
  if (yield* hasAffinity(local, thread)) return false;
  yield* leaveGeneration(local, thread + THREAD.generation);
  yield store(local + HART.leaving, hart + 1);
  yield* enterGeneration(yield* switchAway(local, thread), thread + THREAD.generation);
  return true;
}

// DOC: give-way
/** Lets other threads have the hart; comes back when this one gets one again, which may be another one. */
export function* giveWay(local: number, thread: number, roams: boolean): Code {
  yield* leaveGeneration(local, thread + THREAD.generation);
  if (roams) yield store(local + HART.leaving, (yield load(local + HART.hart)) + 1);
  else yield* makeRunnable(thread);
  yield* enterGeneration(yield* switchAway(local, thread), thread + THREAD.generation);
}

// DOC: change-places
/** Changes places with an idle hart that the caller has claimed: the thread goes on there, this hart idles in `domain`. */
export function* changePlaces(local: number, thread: number, hart: number, domain: number): Code {
  yield* leaveGeneration(local, thread + THREAD.generation);
  // Before it goes on there and looks whether it is to end: who wants to disturb it finds the right hart.
  yield store(thread + THREAD.hart, hart);
  yield store(thread + THREAD.local, yield* localOf(local, hart));
  yield store(local + HART.domain, domain);
  // As many harts idle as before.
  yield store(local + HART.counted, 1);
  yield store(local + HART.leaving, -(hart + 1));
  yield* enterGeneration(yield* switchAway(local, thread), thread + THREAD.generation);
}

// DOC: send-over
/** In the dispatcher, after a thread has switched away: if it is leaving, hands it over or makes it runnable. */
export function* sendOver(local: number): Code {
  const leaving = yield load(local + HART.leaving);
  if (leaving === 0) return;
  const thread = yield load(local + HART.current);
  // Its kernel context is not in use any more: another hart may have it from now on.
  yield store(local + HART.current, 0);
  yield store(local + HART.leaving, 0);
  if (leaving < 0) {
    yield store((yield* localOf(local, -leaving - 1)) + HART.handed, thread);
    return;
  }
  const hart = leaving - 1;
  yield store(thread + THREAD.hart, hart);
  yield store(thread + THREAD.local, yield* localOf(local, hart));
  yield* makeRunnable(thread);
}
