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
export function* noteRun(local: number, thread: number, remembers: boolean): Code {
  const hart = yield load(local + HART.hart);
  const before = yield load(thread + THREAD.hart);
  if (before !== hart) {
    // Before `state`: who sees it running, to disturb it, must find the right hart.
    yield store(thread + THREAD.hart, hart);
    yield store(thread + THREAD.local, local);
    const runs = yield load(thread + THREAD.runs);
    if (runs !== 0) yield store(thread + THREAD.migrations, (yield load(thread + THREAD.migrations)) + 1);
  }
  yield store(thread + THREAD.runs, (yield load(thread + THREAD.runs)) + 1);
  yield store(thread + THREAD.ranAt, yield csrRead('time'));
  let turns = yield load(local + HART.turns);
  if ((yield load(local + HART.lastThread)) !== thread) {
    turns += 1;
    yield store(local + HART.turns, turns);
    yield store(local + HART.lastThread, thread);
  }
  yield store(thread + THREAD.turn, turns);
  if (remembers) yield store((yield load(thread + THREAD.history)) + 4 * hart, turns);
}
