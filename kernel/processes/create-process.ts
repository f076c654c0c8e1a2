/** Making a process: its object, its number, its HAT, its first thread; all undone if one of them fails. */
import { call, type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { acquire, release } from '../locks/mcs.ts';
import { createObject, destroyObject } from '../objects/object.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { makeRunnable } from '../threads/wake.ts';
import { createHat, destroyHat } from '../vm/hat.ts';
import { Process } from '../vm/process.ts';
import { createThread, type Start } from './create-thread.ts';
import { PROCESS, PROCESS_STATE } from './process.ts';
import { enter, lockedRetire, PROCESS_SLOTS, TABLE_LOCK } from './process-table.ts';

/** Makes a process, a child of the one at `parent` (0: of none), and starts it; gives its number or an error. */
export function* createProcess(local: number, parent: number, start: Start): Code<number> {
  const ref = yield* createObject(local, CLASS.process, PROCESS.SIZE);
  if (ref === 0) return ERROR.ENOMEM;
  const process = yield* deref(ref);
  yield store(process + PROCESS.ref, ref);
  const number = yield* enter(process, parent);
  if (number < 0) {
    yield* destroyObject(local, ref, process);
    return number;
  }
  const failure = yield* call(equip(local, ref, process, start));
  if (failure === 0) return number;
  yield* acquire(TABLE_LOCK);
  yield* lockedRetire(local, process);
  yield* release(TABLE_LOCK);
  return failure;
}

/** Makes the HAT and the first thread; gives 0 or an error, with nothing left behind. */
function* equip(local: number, ref: ObjRef, process: number, start: Start): Code<number> {
  const number = yield load(process + PROCESS.number);
  const hat = yield* createHat(local, number & (PROCESS_SLOTS - 1));
  if (hat === 0) return ERROR.ENOMEM;
  yield store(process + PROCESS.hat, hat);
  const thread = yield* call(createThread(local, ref, start));
  if (thread < 0) {
    yield* new Process(process).unmapAll(local);
    yield* destroyHat(local, hat);
    return thread;
  }
  yield* acquire(TABLE_LOCK);
  yield store(process + PROCESS.state, PROCESS_STATE.live);
  yield* release(TABLE_LOCK);
  yield* makeRunnable(thread);
  return 0;
}
