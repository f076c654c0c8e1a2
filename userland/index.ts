/**
 * `eddy-os/userland`: everything that a program may import.
 *
 * The instructions of user mode, the program definition, the system calls, and a small library: heap,
 * threads, printing, locks and barriers. All of it works on emulated memory through instructions alone.
 */
export {
  addressOf,
  call,
  type Code,
  compareAndSwap,
  environmentCall,
  fence,
  fetchAndAdd,
  fetchAndStore,
  flush,
  type Instruction,
  invalidate,
  load,
  load8,
  load16,
  loadReserved,
  mark,
  MARK,
  markName,
  MARKS,
  pause,
  prefetch,
  receive,
  send,
  spinUntil,
  spinUntilAny,
  spinUntilNot,
  store,
  store8,
  store16,
  storeConditional,
  testAndSet,
  work,
  zeroLine,
} from '../hw/isa/index.ts';
export {
  COPY,
  type CopyPhase,
  COUNTER_POLICY,
  ERROR,
  errorName,
  LIMIT,
  MAP,
  PORT_KIND,
  THREAD_BLOCK,
} from '../kernel/abi/index.ts';
export * from './files/index.ts';
export * from './ipc/index.ts';
export * from './program.ts';
export * from './runtime/index.ts';
export * from './sync/index.ts';
export * from './team/index.ts';
