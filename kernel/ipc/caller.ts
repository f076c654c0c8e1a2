/**
 * Who calls: the process whose call a thread carries out, which nobody but the kernel can say. By LRPC it is the domain
 * that the thread has come from; otherwise the one whose message it has received last.
 *
 * *Locking:* none: what is read is the thread's own.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { tryDeref } from '../objects/translation-table.ts';
import { PROCESS_REP } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { LINKAGE } from './lrpc/layout.ts';
import { isServing } from './reply.ts';

const isProcess = (classWord: number): boolean => classWord === CLASS.processRep;

// DOC: caller
/** The number of the process whose call the thread is in; or ESRCH: it is in none, or the process has ended. */
export function* callerOf(thread: number): Code<number> {
  const linkage = yield load(thread + THREAD.linkage);
  if (linkage === 0) return (yield* isServing(thread)) ? yield load(thread + THREAD.servingFor) : ERROR.ESRCH;
  if ((yield load(linkage + LINKAGE.gone)) !== 0) return ERROR.ESRCH;
  const process = yield* tryDeref(yield load(linkage + LINKAGE.client), isProcess);
  return process === 0 ? ERROR.ESRCH : yield load(process + PROCESS_REP.number);
}
