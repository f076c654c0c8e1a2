/**
 * What is kept about threads that run here and there: where one was last, how often it has moved, how many others have
 * had its hart since. Words of THREAD and HART.
 *
 * *Locking:* the hart on which the thread is; interrupts masked.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { THREAD } from '../threads/thread.ts';

// DOC: note-run
/** A thread gets this hart. */
export function* noteRun(local: number, thread: number): Code {
  const hart = yield load(local + HART.hart);
  const before = yield load(thread + THREAD.hart);
  const runs = yield load(thread + THREAD.runs);
  if (before !== hart) {
    // Before `state`: who sees it running, to disturb it, must find the right hart.
    yield store(thread + THREAD.hart, hart);
    yield store(thread + THREAD.local, local);
    if (runs !== 0) yield store(thread + THREAD.migrations, (yield load(thread + THREAD.migrations)) + 1);
  }
  yield store(thread + THREAD.runs, runs + 1);
  yield store(thread + THREAD.ranAt, yield csrRead('time'));
  let turns = yield load(local + HART.turns);
  // A new one may lie where the last one lay that has ended.
  if (runs === 0 || (yield load(local + HART.lastThread)) !== thread) {
    turns += 1;
    yield store(local + HART.turns, turns);
    yield store(local + HART.lastThread, thread);
  }
  yield store(thread + THREAD.turn, turns);
}

/** How many others have had the hart at `target` since a turn of it; NEVER if there was none. */
export function* interveningSince(target: number, turn: number): Code<number> {
  return turn === 0 ? NEVER : Math.min(NEVER - 1, (yield load(target + HART.turns)) - turn);
}

/** More than anything that is counted: nothing is left in the cache. */
export const NEVER = 1 << 20;
