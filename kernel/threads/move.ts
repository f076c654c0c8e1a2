/**
 * A thread goes over to another hart, on its way back to user mode, where it holds nothing that belongs to a hart.
 *
 * It may be put into the queue there only when this hart has left its kernel context: else two harts would run on one
 * stack. So the dispatcher does it, after the switch.
 */
import { type Code, fetchAndStore, load, store } from '../../hw/isa/index.ts';
import { HART, localBase, localOf } from '../hart-local.ts';
import { mustStay } from '../ipc/abandon.ts';
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
  yield* leaveGeneration(local, thread + THREAD.generation);
  yield store(local + HART.leaving, hart + 1);
  yield* switchAway(local);
  yield* enterGeneration(yield* localBase(), thread + THREAD.generation);
  return true;
}

// DOC: send-over
/** In the dispatcher, after a thread has switched away: sends it over if it is leaving for another hart. */
export function* sendOver(local: number, thread: number): Code {
  const hart = (yield load(local + HART.leaving)) - 1;
  if (hart < 0) return;
  yield store(local + HART.leaving, 0);
  yield store(thread + THREAD.hart, hart);
  yield store(thread + THREAD.local, yield* localOf(local, hart));
  yield* makeRunnable(thread);
}
