/** Beginning a call with a time limit (time-limit.ts). */
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  freeContext,
  load,
  store,
} from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { CLASS } from '../../classes.ts';
import { deref } from '../../objects/translation-table.ts';
import { PROCESS_REP } from '../../processes/process.ts';
import { allocateThread, freeThread } from '../../scheduling/thread-blocks.ts';
import { attachThread } from '../../processes/thread-list.ts';
import { lockedPrepareWait } from '../../threads/block.ts';
import { THREAD, WAIT } from '../../threads/thread.ts';
import { armTimeout } from '../../threads/timers.ts';
import { limitStart } from '../../trap/thread-start.ts';
import { LINKAGE } from './layout.ts';
import { holdBinding } from './linkage.ts';

// DOC: lrpc-time-limit
/** Gives the call of a linkage that the thread has claimed a limit; gives 0, or ENOMEM, ECALLFAILED (the client ends). */
export function* startLimit(thread: number, linkage: number, cycles: number): Code<number> {
  const local = yield csrRead('slocal');
  const limit = yield* allocateThread(local, local);
  if (limit === 0) return ERROR.ENOMEM;
  yield store(limit + THREAD.class, CLASS.thread);
  for (const field of [THREAD.process, THREAD.hart, THREAD.local, THREAD.hat, THREAD.satp])
    yield store(limit + field, yield load(thread + field));
  const process = yield load(thread + THREAD.process);
  const part = yield* deref(process);
  yield store(limit + THREAD.home, process);
  yield store(limit + THREAD.part, part);
  yield store(limit + THREAD.limits, linkage);
  yield store(limit + THREAD.kernelContext, yield createContext(yield addressOf(limitStart), limit, 0));
  // It waits before a kill can find it.
  yield* lockedPrepareWait(limit, 0, WAIT.limit, 0);
  if (!(yield* attachThread(yield load(part + PROCESS_REP.record), limit))) {
    yield freeContext(yield load(limit + THREAD.kernelContext));
    yield* freeThread(limit);
    return ERROR.ECALLFAILED;
  }
  yield* holdBinding(yield load(linkage + LINKAGE.binding));
  yield store(linkage + LINKAGE.limit, limit);
  yield* armTimeout(local, limit, cycles);
  return 0;
}
