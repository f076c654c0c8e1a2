/**
 * The dispatcher: the supervisor context of each hart in which no thread runs. It picks the next thread and
 * switches to its kernel context; a thread that gives the hart away switches back.
 *
 * It idles in wfi with interrupts masked: an interrupt that comes between the look into the queue and the
 * wfi is pending, and ends the wfi at once.
 */
import { type Code, load, step, store, switchContext, waitForInterrupt } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { serveToken } from '../objects/token.ts';
import { powerOffIfDone } from '../processes/power-off.ts';
import { reap } from '../processes/reap.ts';
import { STEP } from '../steps.ts';
import { serviceInterrupts } from '../trap/interrupts.ts';
import { sendOver } from './move.ts';
import { policyOf } from '../scheduling/policies.ts';
import { prepareThread } from './switch.ts';
import { programTimer } from './timer.ts';

// DOC: dispatch
/** Runs the threads of this hart for ever. */
export function* dispatch(local: number): Code<never> {
  const policy = yield* policyOf(local);
  for (;;) {
    const thread = yield* policy.pick(local);
    if (thread === 0) {
      yield* serveToken(local);
      yield* powerOffIfDone();
      if (yield* policy.idle(local)) continue;
      yield waitForInterrupt();
      yield* step(STEP.interrupt, local, serviceInterrupts(local));
      continue;
    }
    const context = yield* step(STEP.dispatch, thread, prepareThread(local, thread));
    yield switchContext(context);
    yield* step(STEP.undispatch, local, clear(local));
  }
}

/** Tidies up after a thread: its slice is void; if it leaves for another hart, or for good, that is seen to. */
function* clear(local: number): Code {
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
