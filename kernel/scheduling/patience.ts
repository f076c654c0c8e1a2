/** Patience: under a policy that prefers some threads, the others are not to wait for ever. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { THREAD } from '../threads/thread.ts';

/** For how many cycles a thread of a run queue has waited, if that is more than so many slices of the hart at `target`; 0 if not. */
export function* overdue(target: number, thread: number, slices: number): Code<number> {
  const waited = ((yield csrRead('time')) - (yield load(thread + THREAD.readySince))) >>> 0;
  return waited > slices * (yield load(target + HART.slice)) ? waited : 0;
}
