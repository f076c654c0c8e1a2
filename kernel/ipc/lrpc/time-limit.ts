/**
 * Time limits of calls. With a call that has one a thread is made which waits for the clock (start-limit.ts), and does
 * nothing else. If the call returns first, that thread is gone at once; if not, it goes on in the caller's place, with
 * ETIMEDOUT (expire.ts).
 *
 * It is a thread of the client's like others, but has no number until then: nobody joins it, and a kill wakes it.
 *
 * *Locking:* who parts a linkage from its limit holds the linkage. As long as there is a limit it holds the binding.
 */
import { type Code, csrRead, freeContext, load } from '../../../hw/isa/index.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { PROCESS_REP } from '../../processes/process.ts';
import { lockedForget } from '../../processes/thread-list.ts';
import { freeThread } from '../../scheduling/thread-blocks.ts';
import { THREAD } from '../../threads/thread.ts';
import { disarmTimeout } from '../../threads/timers.ts';
import { claim, enqueue } from '../../threads/wake.ts';
import { LINKAGE } from './layout.ts';
import { letBindingGo } from './revoke.ts';

/** Ends a limit that has been parted from its linkage: at once, or, if it is on its way or on another hart, by itself. */
export function* endLimit(limit: number): Code {
  if (!(yield* claim(limit))) return;
  const local = yield csrRead('slocal');
  const here = (yield load(limit + THREAD.local)) === local;
  if (!here || !(yield* forget(limit))) {
    yield* enqueue(limit);
    return;
  }
  yield* disarmTimeout(local, limit);
  const binding = yield load((yield load(limit + THREAD.limits)) + LINKAGE.binding);
  yield freeContext(yield load(limit + THREAD.kernelContext));
  yield* freeThread(limit);
  yield* letBindingGo(binding, false);
}

/** Takes a limit from its process, unless it would be the last thread there: that one has more to do. */
function* forget(limit: number): Code<boolean> {
  const part = yield load(limit + THREAD.part);
  yield* acquire(part + PROCESS_REP.threadLock);
  const forgotten = yield* lockedForget(yield load(part + PROCESS_REP.record), limit);
  yield* release(part + PROCESS_REP.threadLock);
  return forgotten;
}
