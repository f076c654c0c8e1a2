/**
 * Exceptions of user programs: one line on the console that names process, thread, cause, instruction and
 * address, and the end of the process. A program that simply returned ends its process or thread without a line.
 */
import { CAUSE, causeName, type Code, csrRead, load, opName, store } from '../../hw/isa/index.ts';
import { exceptionStatus, exitStatus } from '../abi/exit-status.ts';
import { kernelMessage } from '../io/console.ts';
import { returnFromCall } from '../ipc/lrpc/return.ts';
import { endProcess, exitProcess, leave } from '../processes/end.ts';
import { PROCESS, recordOf } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { complete, prepareReturn, restore, save } from './return.ts';

/** An exception, as read from the CSRs before anything could block. */
export interface Exception {
  readonly cause: number;
  readonly address: number;
  readonly operation: number;
  readonly status: number;
  /** What else there is to say. */
  readonly why: string;
}

/** Handles any exception that is neither a page fault nor a system call. */
export function* handleException(thread: number, cause: number): Code {
  const address = yield csrRead('stval');
  const operation = yield csrRead('sinst');
  yield* save(thread);
  if (cause === CAUSE.programEnded) yield* endByReturn(thread, address);
  else yield* endByException(thread, { cause, address, operation, status: exceptionStatus(cause), why: '' });
  yield* restore(thread);
}

/** The outermost procedure of a thread returned. In a call, the call returns; the first thread's return ends the process. */
function* endByReturn(thread: number, value: number): Code {
  if ((yield load(thread + THREAD.linkage)) !== 0) {
    const result = yield* returnFromCall(thread);
    yield* prepareReturn(thread);
    yield* complete(thread, result);
  }
  const process = yield* recordOf(yield load(thread + THREAD.process));
  if ((yield load(thread + THREAD.number)) === 1) {
    yield* exitProcess(process, exitStatus(value));
    return;
  }
  yield store(thread + THREAD.value, value);
  yield* leave(thread);
}

/** Says what happened and ends the process. */
export function* endByException(thread: number, exception: Exception): Code {
  const process = yield* recordOf(yield load(thread + THREAD.process));
  const processNumber = yield load(process + PROCESS.number);
  const threadNumber = yield load(thread + THREAD.number);
  const { cause, status, why } = exception;
  yield* kernelMessage(
    `eddy: process ${processNumber} thread ${threadNumber} ended by ${causeName(cause)}${place(exception)}${why}; status ${status}\n`,
  );
  yield* endProcess(process, status);
}

/** The instruction and the address, where there are any. */
const place = ({ cause, address, operation }: Exception): string => {
  if (cause === CAUSE.programThrew) return '';
  if (cause === CAUSE.illegalInstruction) return ` at ${opName(operation)}`;
  return ` at ${opName(operation)} of 0x${(address >>> 0).toString(16).padStart(8, '0')}`;
};
