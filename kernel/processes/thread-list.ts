/**
 * The list of threads of a process, ended ones that nobody has joined included.
 *
 * *Locking:* the lock of the process, which the caller of what is called `locked…` holds.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { acquire, release } from '../locks/mcs.ts';
import { THREAD } from '../threads/thread.ts';
import { PROCESS } from './process.ts';

/** Puts a thread at the end. */
export function* lockedAppendThread(process: number, thread: number): Code {
  const last = yield load(process + PROCESS.lastThread);
  yield store(thread + THREAD.next, 0);
  yield store(last === 0 ? process + PROCESS.threads : last + THREAD.next, thread);
  yield store(process + PROCESS.lastThread, thread);
}

/** Takes a thread out. */
export function* lockedUnlinkThread(process: number, thread: number): Code {
  let previous = 0;
  let at = yield load(process + PROCESS.threads);
  while (at !== thread) {
    previous = at;
    at = yield load(at + THREAD.next);
  }
  const next = yield load(thread + THREAD.next);
  yield store(previous === 0 ? process + PROCESS.threads : previous + THREAD.next, next);
  if (next === 0) yield store(process + PROCESS.lastThread, previous);
}

/** Counts one more thread that is there. */
export function* lockedCountThread(process: number): Code {
  yield store(process + PROCESS.running, (yield load(process + PROCESS.running)) + 1);
  yield store(process + PROCESS.attached, (yield load(process + PROCESS.attached)) + 1);
}

/** Enters a thread at the end of its process's list, and counts it, unless the process is dying. */
export function* attachThread(process: number, thread: number): Code<boolean> {
  yield* acquire(process + PROCESS.lock);
  const dying = (yield load(process + PROCESS.dying)) !== 0;
  if (!dying) {
    yield* lockedAppendThread(process, thread);
    yield* lockedCountThread(process);
  }
  yield* release(process + PROCESS.lock);
  return !dying;
}
