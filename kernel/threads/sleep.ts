/** Sleeping for a time. */
import { type Code, csrRead } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { lockedPrepareWait, wait } from './block.ts';
import { WAIT } from './thread.ts';
import { armTimeout } from './timers.ts';

/** Blocks the calling thread for at least `cycles`; gives 0, or EINTR if it is being killed. */
export function* sleep(thread: number, cycles: number): Code<number> {
  // No lock: the thread is in no queue, and the timer list is this hart's own.
  yield* lockedPrepareWait(thread, 0, WAIT.sleep, 0);
  yield* armTimeout(yield csrRead('slocal'), thread, cycles);
  const result = yield* wait(thread, 0);
  return result === ERROR.ETIMEDOUT ? 0 : result;
}
