/**
 * Which threads must go on on their hart when they are woken: those that hold something of it. They are between a wait
 * and the way back to user mode, where threads hold nothing (threads/move.ts).
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { THREAD, WAITS } from '../threads/thread.ts';

// DOC: stays-on-hart
/** Whether a runnable thread, which the caller has claimed, must go on on its hart. */
export function* staysOnHart(thread: number): Code<boolean> {
  // Its kernel context is in use there until that hart has switched: another one must not run on the same stack.
  if ((yield load((yield load(thread + THREAD.local)) + HART.current)) === thread) return true;
  const reason = yield load(thread + THREAD.waitReason);
  if (reason === 0) return false;
  // Its temporary references are counted there, or it is in a pool of that hart's.
  if (WAITS[reason]?.roams !== true) return true;
  // Its time-out is in that hart's list.
  return (yield load(thread + THREAD.timerArmed)) !== 0;
}
