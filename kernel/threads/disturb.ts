/** Disturbing a thread, so that it comes to the way back to user mode soon: there it sees what has happened to it. */
import { type Code, csrRead, load, sendInterrupt } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { STATE, THREAD } from './thread.ts';
import { interrupt } from './wake.ts';

/** Cuts the thread's wait short if it may be; sends its hart an interrupt if it runs on another one. */
export function* disturb(thread: number): Code {
  if ((yield* interrupt(thread, ERROR.EINTR)) !== 0) return;
  const elsewhere = (yield load(thread + THREAD.local)) !== (yield csrRead('slocal'));
  if (elsewhere && (yield load(thread + THREAD.state)) === STATE.running)
    yield sendInterrupt(yield load(thread + THREAD.hart));
}
