/** System calls about threads: threadSpawn, threadExit, threadJoin, yield, sleep. */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';
import { copyOutWord, probeWord } from '../io/copy.ts';
import { release } from '../locks/mcs.ts';
import { deref } from '../objects/translation-table.ts';
import { createThread } from '../processes/create-thread.ts';
import { leave } from '../processes/end.ts';
import { PROCESS_REP } from '../processes/process.ts';
import { lockedUnlinkThread, lockThread } from '../processes/thread-list.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { freeThread } from '../scheduling/thread-blocks.ts';
import { policyOf } from '../scheduling/policies.ts';
import { sleep as sleepFor } from '../threads/sleep.ts';
import { STATE, THREAD, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { makeRunnable } from '../threads/wake.ts';

/** The hart that an argument names (-1: as the policy places it), or EINVAL. */
export function* chooseHart(local: number, hart: number): Code<number> {
  if (hart === -1) return yield* (yield* policyOf(local)).place(local);
  return hart >= 0 && hart < (yield load(local + HART.harts)) ? hart : ERROR.EINVAL;
}
import { isTimeout } from './timeout.ts';

/** threadSpawn(entry, argument, hart) */
export function* threadSpawn(thread: number, entry: number, argument: number, hart: number): Code<number> {
  const local = yield csrRead('slocal');
  const place = yield* chooseHart(local, hart);
  if (place < 0) return place;
  const made = yield* createThread(local, yield load(thread + THREAD.process), {
    entry,
    argument,
    hart: place,
    stays: hart !== -1,
  });
  if (made < 0) return made;
  const number = yield load(made + THREAD.number);
  yield* makeRunnable(made);
  return number;
}

/** threadExit(value) */
export function* threadExit(thread: number, value: number): Code<number> {
  if ((yield load(thread + THREAD.linkage)) !== 0) return ERROR.EPERM;
  yield store(thread + THREAD.value, value);
  return yield* leave(thread);
}

/** threadJoin(thread, valueAddress) */
export function* threadJoin(thread: number, number: number, valueAddress: number): Code<number> {
  // In a call, the number is that of one of the server's threads.
  const self = (yield load(thread + THREAD.linkage)) === 0 ? yield load(thread + THREAD.number) : 0;
  if (number === self) return ERROR.EDEADLK;
  const bad = valueAddress === 0 ? 0 : yield* probeWord(thread, valueAddress);
  if (bad !== 0) return bad;
  const local = yield csrRead('slocal');
  const near = yield* deref(yield load(thread + THREAD.process));
  const record = yield load(near + PROCESS_REP.record);
  for (;;) {
    const target = yield* lockThread(local, record, near, number);
    if (target === 0) return ERROR.ESRCH;
    const lock = (yield load(target + THREAD.part)) + PROCESS_REP.threadLock;
    const taken = (yield* new WaitQueue(target + THREAD.joiners).lockedFirst()) !== 0;
    const ended = !taken && (yield load(target + THREAD.state)) === STATE.ended;
    if (ended) yield* lockedUnlinkThread(target);
    else if (!taken) yield* lockedPrepareWait(thread, target + THREAD.joiners, WAIT.join, number);
    yield* release(lock);
    if (taken) return ERROR.EBUSY;
    if (ended) return yield* collect(thread, target, valueAddress);
    const result = yield* wait(thread, lock);
    if (result !== 0) return result;
  }
}

/** Stores the value of an ended thread that is in no list any more, and frees it. */
function* collect(thread: number, target: number, valueAddress: number): Code<number> {
  const value = yield load(target + THREAD.value);
  yield* freeThread(target);
  return valueAddress === 0 ? 0 : yield* copyOutWord(thread, valueAddress, value);
}

/** yield(): the way back to user mode gives the hart to the next thread. */
export function* yieldHart(): Code<number> {
  yield store((yield csrRead('slocal')) + HART.needReschedule, 1);
  return 0;
}

/** sleep(cycles) */
export function* sleep(thread: number, cycles: number): Code<number> {
  if (!isTimeout(cycles)) return ERROR.EINVAL;
  return yield* sleepFor(thread, cycles);
}
