/**
 * Going from one thread to another on a hart: what the dispatcher does for the thread that it has picked, and what a
 * thread does that hands its hart to another one without asking the dispatcher (handoff scheduling).
 *
 * A slice that is armed goes on: who gets the hart gets what is left of it.
 *
 * A thread notes itself as the hart's current one when it executes, not before: until then the kernel context of the
 * one before is in use, which must not go on elsewhere (scheduling/stays.ts).
 */
import {
  type Code,
  csrRead,
  csrWrite,
  fence,
  load,
  panic,
  step,
  store,
  switchContext,
} from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { HartSet } from '../memory/hart-set.ts';
import { deref } from '../objects/translation-table.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { HAT } from '../vm/hat-layout.ts';
import { STATE, THREAD } from './thread.ts';

/** Makes everything ready for a thread of this hart to run; gives its kernel context. */
export function* prepareThread(local: number, thread: number): Code<number> {
  yield store(thread + THREAD.state, STATE.running);
  return yield* prepareRunning(local, thread);
}

/** The same for a thread that runs already, and comes from another hart without having been queued. */
export function* prepareRunning(local: number, thread: number): Code<number> {
  // A kill looks at `state` after it has set `dying`; the way to user mode looks the other way round.
  yield fence();
  const hat = yield* deref(yield load(thread + THREAD.hat));
  yield* new HartSet(hat + HAT.harts).add(yield load(local + HART.hart));
  const context = yield load(thread + THREAD.kernelContext);
  yield csrWrite('sctx', context);
  return context;
}

// DOC: hand-over
/**
 * Goes on in `next`, a thread of this hart that the caller has claimed; comes back when somebody hands over to the
 * caller or a dispatcher picks it, and gives the base of the hart that it is on then. No spin lock may be held.
 */
export function* handOver(local: number, thread: number, next: number): Code<number> {
  if ((yield load(local + HART.lockDepth)) !== 0) yield panic(PANIC.blockedWithLock);
  yield switchContext(yield* step(STEP.handOver, next, prepareThread(local, next)));
  return yield* beCurrent(thread);
}

/** Goes on in the dispatcher of this hart; as `handOver`. */
export function* switchAway(local: number, thread: number): Code<number> {
  if ((yield load(local + HART.lockDepth)) !== 0) yield panic(PANIC.blockedWithLock);
  yield switchContext(yield load(local + HART.dispatcher));
  return yield* beCurrent(thread);
}

/** A thread has got a hart; gives its base. */
export function* beCurrent(thread: number): Code<number> {
  const local = yield csrRead('slocal');
  yield store(local + HART.current, thread);
  return local;
}
