/**
 * Time-outs and time slices of a hart, on its one timer. Tickless: the timer is armed only for the nearest
 * time-out and, while another thread waits for the hart, for the end of the slice. So a machine on which
 * everybody waits for ever has no future event, and the emulator can say that it is deadlocked.
 *
 * *Locking:* none. The list is touched by its own hart only, with interrupts masked.
 */
import { type Code, csrRead, csrWrite, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';
import { STEP } from '../steps.ts';
import { THREAD } from './thread.ts';
import { before, programTimer } from './timer.ts';
import { wakeByClock } from './wake.ts';

/** Wakes the calling thread with ETIMEDOUT in `cycles` cycles, unless something else wakes it first. */
export function* armTimeout(local: number, thread: number, cycles: number): Code {
  const deadline = ((yield csrRead('time')) + cycles) | 0;
  yield store(thread + THREAD.deadline, deadline);
  yield store(thread + THREAD.timerArmed, 1);
  let link = local + HART.timers;
  let next = yield load(link);
  while (next !== 0 && !before(deadline, yield load(next + THREAD.deadline))) {
    link = next + THREAD.timerNext;
    next = yield load(link);
  }
  yield store(thread + THREAD.timerNext, next);
  yield store(link, thread);
  yield* programTimer(local);
}

/** Takes the calling thread out of the list, if it is in it. */
export function* disarmTimeout(local: number, thread: number): Code {
  if ((yield load(thread + THREAD.timerArmed)) === 0) return;
  let link = local + HART.timers;
  for (let other = yield load(link); other !== thread; other = yield load(link))
    link = other + THREAD.timerNext;
  yield store(link, yield load(thread + THREAD.timerNext));
  yield store(thread + THREAD.timerArmed, 0);
  yield* programTimer(local);
}

/** The timer interrupt: wakes who is due, and asks for a reschedule if the slice is over. */
export function* expireTimers(local: number): Code {
  const now = yield csrRead('time');
  for (let thread = yield load(local + HART.timers); thread !== 0; thread = yield load(local + HART.timers)) {
    if (before(now, yield load(thread + THREAD.deadline))) break;
    yield store(local + HART.timers, yield load(thread + THREAD.timerNext));
    yield store(thread + THREAD.timerArmed, 0);
    yield* step(STEP.wake, thread, wakeByClock(thread, ERROR.ETIMEDOUT));
  }
  const end = yield load(local + HART.sliceEnd);
  if (end !== 0 && !before(now, end)) {
    yield store(local + HART.sliceEnd, 0);
    yield store(local + HART.needReschedule, 1);
  }
  yield* programTimer(local);
}

/** Cycles of user mode that a thread gets whatever time-out is due. */
const GRACE = 500;

// DOC: grant-grace
/**
 * On the way back to user mode: serves time-outs that are due by now, and puts one off that would be due before the
 * thread could execute an instruction. Else one that sleeps for less time than the kernel takes, again and again,
 * could keep another one from getting on at all.
 */
export function* grantGrace(local: number): Code {
  const sleeper = yield load(local + HART.timers);
  if (sleeper === 0) return;
  const now = yield csrRead('time');
  const deadline = yield load(sleeper + THREAD.deadline);
  if (!before(now, deadline)) yield* expireTimers(local);
  else if (before(deadline, (now + GRACE) | 0)) yield csrWrite('stimecmp', (now + GRACE) | 0 || 1);
}
