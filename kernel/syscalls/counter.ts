/** System calls about counter objects: counterCreate, counterAdd, counterRead, counterReplace, counterDestroy. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { counterClass, type CounterName, swapCounter, useCounter } from '../counters/counter-object.ts';
import { addCounter, removeCounter } from '../counters/owned-counters.ts';
import { chosenDegree, isBadDegree } from '../objects/degree.ts';
import { refOfHandle } from '../objects/handle.ts';
import { isReference } from '../objects/miss-handler-table.ts';
import { deref } from '../objects/translation-table.ts';
import { TYPE } from '../objects/types.ts';
import { PROCESS_REP, recordOf } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';

function* nameFor(thread: number, handle: number): Code<CounterName> {
  const process = yield* deref(yield load(thread + THREAD.process));
  return { handle, owner: yield load(process + PROCESS_REP.number) };
}

/** counterCreate(policy, harts) */
export function* counterCreate(thread: number, policy: number, harts: number): Code<number> {
  const local = yield csrRead('slocal');
  const classWord = counterClass(policy);
  const degree = yield* chosenDegree(local, TYPE.counter, harts);
  if (classWord === undefined || isBadDegree(degree)) return ERROR.EINVAL;
  return yield* addCounter(local, yield* recordOf(yield load(thread + THREAD.process)), classWord, degree);
}

/** counterAdd(handle, amount) */
export function* counterAdd(thread: number, handle: number, amount: number): Code<number> {
  const local = yield csrRead('slocal');
  const ref = yield* refOfHandle(local, handle);
  if (!(yield* isReference(local, ref))) return ERROR.EBADF;
  // Adding nothing only looks whether the counter is there.
  return (yield* useCounter(local, ref, amount, yield* nameFor(thread, handle))).error;
}

/** counterRead(handle) */
export function* counterRead(thread: number, handle: number): Code<number> {
  const local = yield csrRead('slocal');
  const ref = yield* refOfHandle(local, handle);
  if (!(yield* isReference(local, ref))) return ERROR.EBADF;
  const { error, value } = yield* useCounter(local, ref, 0, yield* nameFor(thread, handle));
  return error !== 0 ? error : value & 0x7fffffff;
}

/** counterReplace(handle, policy, harts) */
export function* counterReplace(thread: number, handle: number, policy: number, harts: number): Code<number> {
  const local = yield csrRead('slocal');
  const ref = yield* refOfHandle(local, handle);
  const classWord = counterClass(policy);
  const degree = yield* chosenDegree(local, TYPE.counter, harts);
  if (classWord === undefined || isBadDegree(degree)) return ERROR.EINVAL;
  if (!(yield* isReference(local, ref))) return ERROR.EBADF;
  const { error } = yield* useCounter(local, ref, 0, yield* nameFor(thread, handle));
  return error !== 0 ? error : yield* swapCounter(local, ref, classWord, degree);
}

/** counterDestroy(handle) */
export function* counterDestroy(thread: number, handle: number): Code<number> {
  const record = yield* recordOf(yield load(thread + THREAD.process));
  return yield* removeCounter(yield csrRead('slocal'), record, handle);
}
