/** Making a process: its object, its number, its HAT, its first thread; all undone if one of them fails. */
import { call, type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { allocate, free } from '../memory/heap.ts';
import { degreeOf } from '../objects/degree.ts';
import { createObject, destroyObject } from '../objects/object.ts';
import { ROOT } from '../objects/root.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { TYPE } from '../objects/types.ts';
import { makeRunnable } from '../threads/wake.ts';
import { createHat, destroyHat } from '../vm/hat.ts';
import { Process } from '../vm/process.ts';
import { createThread, type Start } from './create-thread.ts';
import { PROCESS, PROCESS_REP, PROCESS_STATE } from './process.ts';
import { enter, lockedRetire, PROCESS_SLOTS, TABLE_LOCK } from './process-table.ts';

/** Makes a process, a child of the one at `parent` (0: of none), and starts it; gives its number or an error. */
export function* createProcess(local: number, parent: number, start: Start): Code<number> {
  const { ref, process, rep } = yield* createRecord(local);
  if (ref === 0) return ERROR.ENOMEM;
  const number = yield* enter(process, parent);
  if (number < 0) {
    yield* destroyObject(local, ref);
    return number;
  }
  yield store(rep + PROCESS_REP.number, number);
  const failure = yield* call(equip(local, ref, process, start));
  if (failure === 0) return number;
  yield* acquire(TABLE_LOCK);
  yield* lockedRetire(local, process);
  yield* release(TABLE_LOCK);
  return failure;
}

/** Makes the object and its record; gives references of 0 if there is no memory. */
function* createRecord(
  local: number,
): Code<{ readonly ref: ObjRef; readonly process: number; readonly rep: number }> {
  const process = yield* allocate(local, PROCESS.SIZE);
  if (process === 0) return { ref: 0, process, rep: 0 };
  const { ref, rep } = yield* createObject(local, {
    classWord: CLASS.processRep,
    bytes: PROCESS_REP.SIZE,
    fixed: PROCESS_REP.inUse,
    degree: yield* degreeOf(local, TYPE.process),
  });
  if (ref === 0) {
    yield* free(process);
    return { ref, process, rep };
  }
  yield store(process + PROCESS.class, CLASS.process);
  yield store(process + PROCESS.ref, ref);
  yield store(rep + PROCESS_REP.ref, ref);
  yield store(rep + PROCESS_REP.record, process);
  yield store((yield load(rep + PROCESS_REP.root)) + ROOT.record, process);
  return { ref, process, rep };
}

/** Makes the HAT and the first thread; gives 0 or an error, with nothing left behind. */
function* equip(local: number, ref: ObjRef, process: number, start: Start): Code<number> {
  const number = yield load(process + PROCESS.number);
  const hat = yield* createHat(local, number & (PROCESS_SLOTS - 1));
  if (hat === 0) return ERROR.ENOMEM;
  yield store(process + PROCESS.hat, hat);
  const rep = yield* deref(ref);
  yield store(rep + PROCESS_REP.hat, hat);
  const thread = yield* call(createThread(local, ref, start));
  if (thread < 0) {
    yield* new Process(rep).unmapAll(local);
    yield* destroyHat(local, hat);
    return thread;
  }
  yield* acquire(TABLE_LOCK);
  yield store(process + PROCESS.state, PROCESS_STATE.live);
  yield* release(TABLE_LOCK);
  yield* makeRunnable(thread);
  return 0;
}
