/**
 * How processes and threads end.
 *
 * Ending a process marks it dying and disturbs its threads: interruptible waits are cut, harts that run one
 * get an interrupt, and each thread leaves at its next return to user mode. The last one to leave frees the
 * memory. Then each dispatcher reaps its threads, and the last reaping makes the process a zombie (reap.ts).
 */
import {
  call,
  type Code,
  csrRead,
  load,
  panic,
  sendInterrupt,
  step,
  store,
  switchContext,
} from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { kernelMessage } from '../io/console.ts';
import { closeRights } from '../ipc/close.ts';
import { abandonCalls } from '../ipc/reply.ts';
import { acquire, release } from '../locks/mcs.ts';
import { destroyCounters } from '../counters/owned-counters.ts';
import { leaveGeneration } from '../objects/generations.ts';
import { deref } from '../objects/translation-table.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { STATE, THREAD } from '../threads/thread.ts';
import { interrupt } from '../threads/wake.ts';
import { destroyHat, Hat } from '../vm/hat.ts';
import { Process } from '../vm/process.ts';
import { LINK_KIND } from '../vm/region-list.ts';
import { PROCESS, recordOf } from './process.ts';

// DOC: end-process
/** Ends a process with a status, unless it is ending already. */
export function* endProcess(process: number, status: number): Code {
  yield* acquire(process + PROCESS.lock);
  if ((yield load(process + PROCESS.dying)) === 0) {
    yield store(process + PROCESS.status, status);
    yield store(process + PROCESS.dying, 1);
    yield* lockedDisturb(process);
  }
  yield* release(process + PROCESS.lock);
}

/** A process ends of its own will: as `endProcess`, and says so if that cuts other threads short. */
export function* exitProcess(process: number, status: number): Code {
  const others = (yield load(process + PROCESS.running)) - 1;
  if (others > 0 && (yield load(process + PROCESS.dying)) === 0) {
    const number = yield load(process + PROCESS.number);
    const threads = others === 1 ? '1 thread' : `${others} threads`;
    yield* kernelMessage(`eddy: process ${number} exits with ${threads} running; they are ended\n`);
  }
  yield* endProcess(process, status);
}

/** Makes every thread of a dying process notice. */
function* lockedDisturb(process: number): Code {
  const local = yield csrRead('slocal');
  for (
    let thread = yield load(process + PROCESS.threads);
    thread !== 0;
    thread = yield load(thread + THREAD.next)
  ) {
    if ((yield* interrupt(thread, ERROR.EINTR)) !== 0) continue;
    const elsewhere = (yield load(thread + THREAD.local)) !== local;
    if (elsewhere && (yield load(thread + THREAD.state)) === STATE.running) {
      yield sendInterrupt(yield load(thread + THREAD.hart));
    }
  }
}

/** The calling thread's way out: it never comes back. */
export function* leave(thread: number): Code<never> {
  const local = yield csrRead('slocal');
  const ref = yield load(thread + THREAD.process);
  const process = new Process(yield* deref(ref));
  const record = yield* recordOf(ref);
  yield* abandonCalls(thread);
  if ((yield load(record + PROCESS.dying)) === 0) {
    yield* call(process.unmap(local, yield load(thread + THREAD.stackBase), LIMIT.STACK, LINK_KIND.stack));
  }
  if (yield* isLast(record)) yield* step(STEP.teardown, ref, tearDown(local, process, record));
  yield* leaveGeneration(local, thread + THREAD.generation);
  yield store(local + HART.reap, thread);
  yield switchContext(yield load(local + HART.dispatcher));
  yield panic(PANIC.endedThreadRan);
  throw new Error('not reached');
}

/** Counts the calling thread out; whether it is the last of its process. */
function* isLast(process: number): Code<boolean> {
  yield* acquire(process + PROCESS.lock);
  const running = (yield load(process + PROCESS.running)) - 1;
  yield store(process + PROCESS.running, running);
  if (running === 0) yield store(process + PROCESS.dying, 1);
  yield* release(process + PROCESS.lock);
  return running === 0;
}

/** Frees the memory of a process all of whose other threads have left. */
function* tearDown(local: number, process: Process, record: number): Code {
  const hat = yield load(record + PROCESS.hat);
  yield* destroyCounters(local, record);
  yield* closeRights(record);
  yield* call(new Hat(yield* deref(hat)).retire(local));
  const failure = yield* call(process.unmapAll(local));
  if (failure !== 0) {
    const number = yield load(record + PROCESS.number);
    yield* kernelMessage(`eddy: process ${number}: pages could not be written back, disk error\n`);
  }
  // Until its parent forgets it, the process keeps its number, but a reference that may become another object's.
  yield store(record + PROCESS.hat, 0);
  yield* destroyHat(local, hat);
}
