/**
 * How processes and threads end.
 *
 * Ending a process marks it dying and disturbs its threads: interruptible waits are cut, harts that run one
 * get an interrupt, and each thread leaves at its next return to user mode. The last one to leave frees the
 * memory. Then each dispatcher reaps its threads, and the last reaping makes the process a zombie (reap.ts).
 */
import { call, type Code, csrRead, load, panic, step, store, switchContext } from '../../hw/isa/index.ts';
import { LIMIT } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { kernelMessage } from '../io/console.ts';
import { closePager } from '../io/pager.ts';
import { closeRights } from '../ipc/close.ts';
import { abandonCalls } from '../ipc/abandon.ts';
import { awaitGuests } from '../ipc/lrpc/guests.ts';
import { endCalls, lockedSeverCalls } from '../ipc/lrpc/revoke.ts';
import { acquire, release } from '../locks/mcs.ts';
import { destroyCounters } from '../counters/owned-counters.ts';
import { leaveGeneration } from '../objects/generations.ts';
import { deref } from '../objects/translation-table.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { abandonLocks } from '../sync/abandon.ts';
import { destroySyncs } from '../sync/destroy.ts';
import { disturb } from '../threads/disturb.ts';
import { THREAD } from '../threads/thread.ts';
import { revokeGrants } from '../vm/grant.ts';
import { destroyHat, Hat } from '../vm/hat.ts';
import { Process } from '../vm/process.ts';
import { LINK_KIND } from '../vm/region-list.ts';
import { PROCESS, PROCESS_REP, recordOf, SYSTEM } from './process.ts';
import { keepStack } from './stack-cache.ts';
import { lockedUncount, nextPart, partAt, runningThreads } from './thread-list.ts';

// DOC: end-process
/** Ends a process with a status, unless it is ending already. */
export function* endProcess(process: number, status: number): Code {
  yield* acquire(process + PROCESS.lock);
  if ((yield load(process + PROCESS.dying)) === 0) {
    yield store(process + PROCESS.status, status);
    yield store(process + PROCESS.dying, 1);
    yield* lockedDisturb(process);
    if (((yield load(process + PROCESS.system)) & SYSTEM.disk) !== 0) yield* closePager();
  }
  yield* release(process + PROCESS.lock);
}

/** A process ends of its own will: as `endProcess`, and says so if that cuts other threads short. */
export function* exitProcess(process: number, status: number): Code {
  const others = (yield* runningThreads(yield csrRead('slocal'), process)) - 1;
  const isServer = (yield load(process + PROCESS.system)) !== 0;
  if (others > 0 && !isServer && (yield load(process + PROCESS.dying)) === 0) {
    const number = yield load(process + PROCESS.number);
    const threads = others === 1 ? '1 thread' : `${others} threads`;
    yield* kernelMessage(`eddy: process ${number} exits with ${threads} running; they are ended\n`);
  }
  yield* endProcess(process, status);
}

/** Makes every thread of a dying process, and every thread in it or called from it, notice. */
function* lockedDisturb(process: number): Code {
  const local = yield csrRead('slocal');
  for (let at = yield* nextPart(local, process, 0); at >= 0; at = yield* nextPart(local, process, at + 1)) {
    const part = yield* partAt(local, process, at);
    yield* acquire(part + PROCESS_REP.threadLock);
    for (
      let thread = yield load(part + PROCESS_REP.threads);
      thread !== 0;
      thread = yield load(thread + THREAD.next)
    )
      yield* disturb(thread);
    yield* release(part + PROCESS_REP.threadLock);
  }
  yield* lockedSeverCalls(process);
}

/** The calling thread's way out: it never comes back. */
export function* leave(thread: number): Code<never> {
  const local = yield csrRead('slocal');
  const ref = yield load(thread + THREAD.process);
  const process = new Process(yield* deref(ref));
  const record = yield* recordOf(ref);
  yield* abandonCalls(thread);
  yield* abandonLocks(thread);
  const stack = yield load(thread + THREAD.stackBase);
  if (
    stack !== 0 &&
    (yield load(record + PROCESS.dying)) === 0 &&
    !(yield* keepStack(process.address, stack))
  )
    yield* call(process.unmap(local, stack, LIMIT.STACK, LINK_KIND.stack));
  if (yield* isLast(record, yield load(thread + THREAD.part)))
    yield* step(STEP.teardown, ref, tearDown(thread, process, record));
  yield* leaveGeneration(local, thread + THREAD.generation);
  yield store(local + HART.reap, thread);
  yield switchContext(yield load(local + HART.dispatcher));
  yield panic(PANIC.endedThreadRan);
  throw new Error('not reached');
}

// DOC: is-last
/** Counts a thread out that leaves, where it is counted; whether it is the last of its process. */
export function* isLast(process: number, part: number): Code<boolean> {
  yield* acquire(part + PROCESS_REP.threadLock);
  const last = yield* lockedUncount(part, PROCESS_REP.running, process + PROCESS.running);
  yield* release(part + PROCESS_REP.threadLock);
  if (!last) return false;
  yield* acquire(process + PROCESS.lock);
  yield store(process + PROCESS.dying, 1);
  yield* lockedSeverCalls(process);
  yield* release(process + PROCESS.lock);
  return true;
}

/** Frees the memory of a process all of whose threads have left; `thread` is the last one, or has just become another's. */
export function* tearDown(thread: number, process: Process, record: number): Code {
  if (((yield load(record + PROCESS.system)) & SYSTEM.disk) !== 0) yield* closePager();
  yield* awaitGuests(thread, record);
  const local = yield csrRead('slocal');
  const hat = yield load(record + PROCESS.hat);
  yield* endCalls(record);
  yield* destroyCounters(local, record);
  yield* revokeGrants(local, record);
  yield* closeRights(record);
  yield* destroySyncs(record);
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
