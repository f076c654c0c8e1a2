/**
 * The dispatcher: the supervisor context of each hart in which no thread runs. It picks the next thread and
 * switches to its kernel context; a thread that gives the hart away switches back.
 *
 * It idles in wfi with interrupts masked: an interrupt that comes between the look into the queue and the
 * wfi is pending, and ends the wfi at once.
 */
import {
  type Code,
  csrWrite,
  fence,
  load,
  step,
  store,
  switchContext,
  waitForInterrupt,
} from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { HartSet } from '../memory/hart-set.ts';
import { serveToken } from '../objects/token.ts';
import { deref } from '../objects/translation-table.ts';
import { powerOffIfDone } from '../processes/power-off.ts';
import { reap } from '../processes/reap.ts';
import { STEP } from '../steps.ts';
import { serviceInterrupts } from '../trap/interrupts.ts';
import { HAT } from '../vm/hat.ts';
import { policyOf } from './policy.ts';
import { STATE, THREAD } from './thread.ts';
import { programTimer } from './timers.ts';

// DOC: dispatch
/** Runs the threads of this hart for ever. */
export function* dispatch(local: number): Code<never> {
  const policy = yield* policyOf(local);
  for (;;) {
    const thread = yield* policy.pick(local);
    if (thread === 0) {
      yield* serveToken(local);
      yield* powerOffIfDone();
      yield waitForInterrupt();
      yield* step(STEP.interrupt, local, serviceInterrupts(local));
      continue;
    }
    const context = yield* step(STEP.dispatch, thread, prepare(local, thread));
    yield switchContext(context);
    yield* step(STEP.undispatch, local, clear(local));
  }
}

/** Makes everything ready for the thread; gives its kernel context. */
function* prepare(local: number, thread: number): Code<number> {
  yield store(thread + THREAD.state, STATE.running);
  yield store(local + HART.current, thread);
  // A kill looks at `state` after it has set `dying`; the way to user mode looks the other way round.
  yield fence();
  const hat = yield* deref(yield load(thread + THREAD.hat));
  yield* new HartSet(hat + HAT.harts).add(yield load(local + HART.hart));
  const context = yield load(thread + THREAD.kernelContext);
  yield csrWrite('sctx', context);
  return context;
}

/** Tidies up after a thread: its slice is void, and if it has left for good, it is reaped. */
function* clear(local: number): Code {
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
