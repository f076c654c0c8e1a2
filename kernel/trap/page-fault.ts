/** Page faults: Process.handleFault brings the page in, or the exception ends the process. */
import { CAUSE, type Code, csrRead, load, step } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { exceptionStatus, EXIT } from '../abi/exit-status.ts';
import { deref } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { THREAD } from '../threads/thread.ts';
import { Process } from '../vm/process.ts';
import { endByException } from './exception.ts';
import { restore, save } from './return.ts';

// DOC: handle-page-fault
/** Handles a page fault of a thread. */
export function* handlePageFault(thread: number, cause: number, address: number): Code {
  const operation = yield csrRead('sinst');
  yield* save(thread);
  const ref = yield load(thread + THREAD.process);
  const process = new Process(yield* deref(ref));
  const access = cause === CAUSE.storePageFault ? 'store' : 'load';
  const failure = yield* step(STEP.processHandleFault, ref, process.handleFault(address, access));
  if (failure !== 0) {
    yield* endByException(thread, {
      cause,
      address,
      operation,
      status: statusOf(failure, cause),
      why: failure === ERROR.EFAULT ? yield* process.whyRefused(address) : reasonOf(failure),
    });
  }
  yield* restore(thread);
}

const statusOf = (failure: number, cause: number): number =>
  failure === ERROR.ENOMEM
    ? EXIT.NO_MEMORY
    : failure === ERROR.EIO
      ? EXIT.DISK_ERROR
      : exceptionStatus(cause);

const reasonOf = (failure: number): string =>
  failure === ERROR.ENOMEM ? ', no memory' : failure === ERROR.EIO ? ', disk error' : '';
