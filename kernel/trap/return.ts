/**
 * The way back to user mode: the place where kills and reschedules are honoured.
 *
 * `prepareReturn` and `restore` belong to the trap's step; `complete` and `resume` end in sret, which
 * empties the kernel context.
 */
import {
  type Code,
  csrRead,
  csrWrite,
  load,
  restoreRegisters,
  saveRegisters,
  step,
  store,
  supervisorReturn,
} from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';
import { adopt, isExiled } from '../ipc/lrpc/adopt.ts';
import { backOut } from '../ipc/lrpc/return.ts';
import { leaveGeneration } from '../objects/generations.ts';
import { serveToken } from '../objects/token.ts';
import { leave } from '../processes/end.ts';
import { PROCESS, recordOf } from '../processes/process.ts';
import { STEP } from '../steps.ts';
import { giveWay, moveIfDirected } from '../threads/move.ts';
import { policyOf } from '../scheduling/policies.ts';
import { THREAD } from '../threads/thread.ts';
import { startSlice } from '../threads/timer.ts';
import { grantGrace } from '../threads/timers.ts';

/** Stores the registers of the thread's user context. */
export function* save(thread: number): Code {
  yield* step(STEP.trapSave, thread, saveAll(thread));
}

function* saveAll(thread: number): Code {
  yield saveRegisters(yield load(thread + THREAD.userContext), thread + THREAD.registers);
}

/** Does what must be done before user mode, then loads the registers. Does not return in a dying process. */
export function* restore(thread: number): Code {
  yield* prepareReturn(thread);
  yield* step(STEP.trapRestore, thread, restoreAll(thread));
}

function* restoreAll(thread: number): Code {
  yield restoreRegisters(yield load(thread + THREAD.userContext), thread + THREAD.registers);
}

// DOC: prepare-return
/**
 * Honours kills and reschedules. In a domain that ends, a thread leaves; one that was called into it backs out, and goes
 * on in its caller with ECALLFAILED instead of coming back from here.
 */
export function* prepareReturn(thread: number): Code {
  let failed = false;
  for (;;) {
    const local = yield csrRead('slocal');
    const process = yield* recordOf(yield load(thread + THREAD.process));
    if ((yield load(process + PROCESS.dying)) !== 0) {
      if ((yield load(thread + THREAD.linkage)) === 0) yield* leave(thread);
      yield* backOut(thread);
      failed = true;
      continue;
    }
    if (yield* isExiled(thread)) {
      yield* adopt(thread);
      continue;
    }
    if (yield* moveIfDirected(local, thread)) continue;
    if ((yield load(local + HART.needReschedule)) === 0) break;
    yield store(local + HART.needReschedule, 0);
    const policy = yield* policyOf(local);
    if (!(yield* policy.waiting(local))) break;
    yield* giveWay(local, thread, policy.roams);
  }
  if (failed) yield* complete(thread, ERROR.ECALLFAILED);
}

/** Returns to user mode so that the trapped instruction is completed with `result`. */
export function* complete(thread: number, result: number): Code {
  yield csrWrite('sresult', result);
  yield* resume(thread);
}

// DOC: resume
/** Returns to user mode so that the trapped instruction is issued again. */
export function* resume(thread: number): Code {
  const local = yield csrRead('slocal');
  yield* leaveGeneration(local, thread + THREAD.generation);
  yield* serveToken(local);
  yield csrWrite('sepc', yield load(thread + THREAD.userContext));
  const satp = yield load(thread + THREAD.satp);
  yield* grantGrace(local);
  // Last of all: on a machine on which the way back takes longer than a slice, threads must get on nonetheless.
  const policy = yield* policyOf(local);
  if ((yield load(local + HART.sliceEnd)) === 0 && (yield* policy.slices(local, thread)))
    yield* startSlice(local, policy.slotted);
  yield csrWrite('satp', satp);
  yield supervisorReturn();
}
