/**
 * Trap entry: where `stvec` points. Until `satp` is the kernel's, only CSRs and locals are used.
 *
 * It runs in the kernel context of the thread that trapped, with interrupts masked. Which kind of trap it
 * was decides which step the rest is; the last instruction is sret.
 */
import { CAUSE, type Code, csrRead, csrWrite, load, SSTATUS, step } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { enterGeneration } from '../objects/generations.ts';
import { STEP, syscallStep } from '../steps.ts';
import { endPoll } from '../threads/idle.ts';
import { THREAD } from '../threads/thread.ts';
import { handleException } from './exception.ts';
import { handleInterrupt } from './interrupts.ts';
import { handlePageFault } from './page-fault.ts';
import { complete, resume } from './return.ts';
import { handleSyscall } from './syscall.ts';

// DOC: trap-entry
/** The trap vector. */
export function* trapEntry(): Code {
  yield csrWrite('satp', yield csrRead('sscratch'));
  if (((yield csrRead('sstatus')) & SSTATUS.SPP) !== 0) yield* endPoll();
  const local = yield csrRead('slocal');
  const thread = yield load(local + HART.current);
  yield* enterGeneration(local, thread + THREAD.generation);
  const cause = yield csrRead('scause');
  if (cause === CAUSE.userCall) {
    const number = yield csrRead('sop0');
    const result = yield* step(syscallStep(number), thread, handleSyscall(thread, number));
    yield* complete(thread, result);
  } else if (cause === CAUSE.loadPageFault || cause === CAUSE.storePageFault) {
    const address = yield csrRead('stval');
    yield* step(STEP.pageFault, address, handlePageFault(thread, cause, address));
  } else if (cause < 0) {
    yield* step(STEP.interrupt, cause, handleInterrupt(thread));
  } else {
    yield* step(STEP.exception, cause, handleException(thread, cause));
  }
  yield* resume(thread);
}
