/**
 * The dispatcher: the supervisor context of each hart in which no thread runs. It picks the next thread and
 * switches to its kernel context; a thread that gives the hart away switches back.
 *
 * It idles in the domain that ran last if the kernel is told so (idle.ts). Otherwise it idles in wfi with interrupts masked: an interrupt that comes between the look into the queue and the
 * wfi is pending, and ends the wfi at once.
 */
import { type Code, load, step, store, switchContext, waitForInterrupt } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { serveToken } from '../objects/token.ts';
import { powerOffIfDone } from '../processes/power-off.ts';
import { reap } from '../processes/reap.ts';
import { STEP } from '../steps.ts';
import { serviceInterrupts } from '../trap/interrupts.ts';
import { beginWork, idleInDomain, noteDomain } from './idle.ts';
import { sendOver } from './move.ts';
import type { Policy } from '../scheduling/policy.ts';
import { policyOf } from '../scheduling/policies.ts';
import { prepareRunning, prepareThread } from './switch.ts';
import { programTimer } from './timer.ts';

// DOC: dispatch
/** Runs the threads of this hart for ever. */
export function* dispatch(local: number): Code<never> {
  const policy = yield* policyOf(local);
  const caching = (yield load(local + HART.caching)) !== 0;
  for (;;) {
    const picked = yield* policy.pick(local);
    const thread = picked !== 0 ? picked : yield* idle(local, policy, caching);
    if (thread === 0) continue;
    if (caching) yield* beginWork(local);
    const prepare = picked !== 0 ? prepareThread : prepareRunning;
    yield switchContext(yield* step(STEP.dispatch, thread, prepare(local, thread)));
    if (caching) yield* noteDomain(local);
    yield* step(STEP.undispatch, local, clear(local, policy));
  }
}

/** Nothing is to run: waits until that may have changed. Gives a thread that another hart has handed over, or 0. */
function* idle(local: number, policy: Policy, caching: boolean): Code<number> {
  yield* serveToken(local);
  yield* powerOffIfDone();
  if (yield* policy.idle(local)) return 0;
  const handed = caching ? yield* idleInDomain(local) : yield waitForInterrupt();
  if (handed !== 0) return handed;
  yield* step(STEP.interrupt, local, serviceInterrupts(local));
  return 0;
}

/** Tidies up after a thread: its slice is void; if it leaves for another hart, or for good, that is seen to. */
function* clear(local: number, policy: Policy): Code {
  if (policy.leaves !== undefined) yield* policy.leaves(local, yield load(local + HART.current));
  yield* sendOver(local);
  yield store(local + HART.current, 0);
  yield store(local + HART.needReschedule, 0);
  if ((yield load(local + HART.sliceEnd)) !== 0) {
    yield store(local + HART.sliceEnd, 0);
    yield* programTimer(local);
  }
  const gone = yield load(local + HART.reap);
  if (gone !== 0) {
    yield store(local + HART.reap, 0);
    yield* step(STEP.reap, gone, reap(local, gone));
  }
}
