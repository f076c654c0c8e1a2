/** Making a process: its object, its number, its HAT, its first thread; all undone if one of them fails. */
import { call, type Code, fetchAndAdd, load, step, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { degreeOf } from '../objects/degree.ts';
import { discardObject, type Made, prepareObject, publishObject } from '../objects/object.ts';
import { ROOT } from '../objects/root.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { TYPE } from '../objects/types.ts';
import { STEP } from '../steps.ts';
import { makeRunnable } from '../threads/wake.ts';
import { createHat, destroyHat } from '../vm/hat.ts';
import { Process } from '../vm/process.ts';
import { createThread, type Start } from './create-thread.ts';
import { PROCESS, PROCESS_REP, PROCESS_STATE } from './process.ts';
import { enter, lockedRetire, PROCESS_SLOTS, TABLE_LOCK } from './process-table.ts';

/**
 * Makes a process, a child of the one at `parent` (0: of none), and starts it; gives its number or an error.
 * @param system bits of SYSTEM
 * @param model a process whose memory it gets a copy of. Default: none
 */
export function* createProcess(
  local: number,
  parent: number,
  start: Start,
  { system = 0, model = 0 }: { readonly system?: number; readonly model?: ObjRef } = {},
): Code<number> {
  const { process, ...made } = yield* createRecord(local);
  if (made.ref === 0) return ERROR.ENOMEM;
  yield store(process + PROCESS.system, system);
  const number = yield* enter(process, parent);
  if (number < 0) {
    yield* discardObject(local, made);
    return number;
  }
  const hat = yield* createHat(local, number & (PROCESS_SLOTS - 1));
  yield store(process + PROCESS.hat, hat);
  yield store(made.rep + PROCESS_REP.hat, hat);
  yield store(made.rep + PROCESS_REP.number, number);
  yield* publishObject(local, made);
  const failure = hat === 0 ? ERROR.ENOMEM : yield* call(equip(local, made.ref, process, start, model));
  if (failure === 0) return number;
  yield* acquire(TABLE_LOCK);
  yield* lockedRetire(local, process);
  yield* release(TABLE_LOCK);
  return failure;
}

/** Makes the object and its record; gives references of 0 if there is no memory. */
function* createRecord(local: number): Code<Made & { readonly process: number }> {
  const process = yield* allocate(local, PROCESS.SIZE);
  if (process === 0) return { ref: 0, root: 0, rep: 0, process };
  const made = yield* prepareObject(local, {
    classWord: CLASS.processRep,
    bytes: PROCESS_REP.SIZE,
    fixed: PROCESS_REP.inUse,
    degree: yield* degreeOf(local, TYPE.process),
  });
  const { ref, root, rep } = made;
  if (ref === 0) {
    yield* free(process);
    return { ...made, process };
  }
  yield store(process + PROCESS.class, CLASS.process);
  yield store(process + PROCESS.ref, ref);
  yield store(process + PROCESS.root, root);
  // Until it has a thread, it is not at its end.
  yield store(process + PROCESS.running, 1);
  yield store(rep + PROCESS_REP.ref, ref);
  yield store(rep + PROCESS_REP.record, process);
  yield store(root + ROOT.record, process);
  return { ...made, process };
}

/** Makes the first thread of a process that has a HAT; gives 0 or an error, with nothing left behind. */
function* equip(local: number, ref: ObjRef, process: number, start: Start, model: ObjRef): Code<number> {
  const copied =
    model === 0
      ? 0
      : yield* step(STEP.forkSpace, ref, new Process(yield* deref(model)).fork(local, yield* deref(ref)));
  const thread = copied !== 0 ? copied : yield* call(createThread(local, ref, start));
  if (thread < 0) {
    yield* new Process(yield* deref(ref)).unmapAll(local);
    yield* destroyHat(local, yield load(process + PROCESS.hat));
    return thread;
  }
  yield fetchAndAdd(process + PROCESS.running, -1);
  yield* acquire(TABLE_LOCK);
  yield store(process + PROCESS.state, PROCESS_STATE.live);
  yield* release(TABLE_LOCK);
  yield* makeRunnable(thread);
  return 0;
}
