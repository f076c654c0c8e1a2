/**
 * The timer of a hart: set to what comes first, the nearest time-out (timers.ts) or the end of the slice. A hart that has
 * no thread may wait for the end of its patience instead (scheduling/steal.ts).
 *
 * *Locking:* none. Its own hart only, with interrupts masked.
 */
import { type Code, csrRead, csrWrite, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { THREAD } from './thread.ts';

/** Whether cycle `a` comes before cycle `b`, both 32 bits and less than 2^31 apart. */
export const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** Sets the hart's timer to the earlier of the slice's end and the nearest time-out. */
export function* programTimer(local: number): Code {
  let when = yield load(local + HART.sliceEnd);
  const sleeper = yield load(local + HART.timers);
  if (sleeper !== 0) {
    const deadline = yield load(sleeper + THREAD.deadline);
    // 0 turns the timer off; one cycle late is allowed.
    if (when === 0 || before(deadline, when)) when = deadline === 0 ? 1 : deadline;
  }
  yield csrWrite('stimecmp', when);
}

/**
 * Starts a time slice for the thread that runs. A `slotted` one ends at a multiple of the slice, the first one that leaves the
 * thread a quarter of it.
 */
export function* startSlice(local: number, slotted: boolean): Code {
  const now = yield csrRead('time');
  const slice = yield load(local + HART.slice);
  const end = (slotted ? slice * Math.ceil(((now >>> 0) + slice / 4) / slice) : now + slice) | 0;
  yield store(local + HART.sliceEnd, end === 0 ? 1 : end);
  yield* programTimer(local);
}
