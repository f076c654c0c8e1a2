/** System calls about processes: exit, spawn, fork, wait, kill, migrate. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { EXIT, exitStatus } from '../abi/exit-status.ts';
import { HART } from '../hart-local.ts';
import { copyOutWord, probeWord } from '../io/copy.ts';
import { acquire, release } from '../locks/mcs.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { createProcess } from '../processes/create-process.ts';
import { endProcess, exitProcess } from '../processes/end.ts';
import { lockedMigrate } from '../processes/migrate.ts';
import { PROCESS, PROCESS_STATE, recordOf } from '../processes/process.ts';
import { lockedLookup, lockedRetire, TABLE_LOCK } from '../processes/process-table.ts';
import { lockedPrepareWait, wait as block } from '../threads/block.ts';
import { THREAD, WAIT } from '../threads/thread.ts';
import { chooseHart } from './thread.ts';

function* processOf(thread: number): Code<number> {
  return yield* recordOf(yield load(thread + THREAD.process));
}

/** exit(status): the way back to user mode sees that the process is dying. */
export function* exit(thread: number, status: number): Code<number> {
  yield* exitProcess(yield* processOf(thread), exitStatus(status));
  return 0;
}

/** spawn(entry, argument, hart) */
export function* spawn(thread: number, entry: number, argument: number, hart: number): Code<number> {
  return yield* start(thread, { entry, argument, hart }, 0);
}

// DOC: sys-fork
/** fork(entry, argument, hart): as spawn, with a copy of the caller's memory. */
export function* fork(thread: number, entry: number, argument: number, hart: number): Code<number> {
  return yield* start(thread, { entry, argument, hart }, yield load(thread + THREAD.process));
}

interface Wanted {
  readonly entry: number;
  readonly argument: number;
  readonly hart: number;
}

/** Starts a child, with a copy of the memory of a process (0: none). */
function* start(thread: number, { entry, argument, hart }: Wanted, model: ObjRef): Code<number> {
  const local = yield csrRead('slocal');
  const place = yield* chooseHart(local, hart);
  if (place < 0) return place;
  const how = { entry, argument, hart: place, stays: hart !== -1 };
  return yield* createProcess(local, yield* processOf(thread), how, { model });
}

/** wait(process, statusAddress) */
export function* wait(thread: number, number: number, statusAddress: number): Code<number> {
  const me = yield* processOf(thread);
  if (number === (yield load(me + PROCESS.number))) return ERROR.EDEADLK;
  const bad = statusAddress === 0 ? 0 : yield* probeWord(thread, statusAddress);
  if (bad !== 0) return bad;
  const status = yield* awaitZombie(thread, me, number);
  if (status.error !== 0) return status.error;
  if (statusAddress !== 0) {
    const failure = yield* copyOutWord(thread, statusAddress, status.value);
    if (failure !== 0) return failure;
  }
  return yield* forget(me, number);
}

/** Waits until a child is a zombie; gives its status, or ESRCH, EINTR. */
function* awaitZombie(
  thread: number,
  me: number,
  number: number,
): Code<{ readonly error: number; readonly value: number }> {
  for (;;) {
    yield* acquire(TABLE_LOCK);
    const child = yield* lockedLookup(number);
    const mine = child !== 0 && (yield load(child + PROCESS.parent)) === me;
    const ended = mine && (yield load(child + PROCESS.state)) === PROCESS_STATE.zombie;
    const value = ended ? yield load(child + PROCESS.status) : 0;
    if (mine && !ended) yield* lockedPrepareWait(thread, me + PROCESS.children, WAIT.child, number);
    yield* release(TABLE_LOCK);
    if (!mine) return { error: ERROR.ESRCH, value: 0 };
    if (ended) return { error: 0, value };
    const result = yield* block(thread, TABLE_LOCK);
    if (result !== 0) return { error: result, value: 0 };
  }
}

/** Forgets a zombie child; ESRCH if another thread has done so meanwhile. */
function* forget(me: number, number: number): Code<number> {
  yield* acquire(TABLE_LOCK);
  const child = yield* lockedLookup(number);
  const mine = child !== 0 && (yield load(child + PROCESS.parent)) === me;
  if (mine) yield* lockedRetire(yield csrRead('slocal'), child);
  yield* release(TABLE_LOCK);
  return mine ? number : ERROR.ESRCH;
}

/** kill(process): allowed for a process itself and its ancestors. */
export function* kill(thread: number, number: number): Code<number> {
  const me = yield* processOf(thread);
  yield* acquire(TABLE_LOCK);
  const target = yield* lockedSubject(me, number);
  if (target > 0 && (yield load(target + PROCESS.state)) === PROCESS_STATE.live)
    yield* endProcess(target, EXIT.KILLED);
  yield* release(TABLE_LOCK);
  return Math.min(target, 0);
}

/** migrate(process, node) */
export function* migrate(thread: number, number: number, node: number): Code<number> {
  const local = yield csrRead('slocal');
  const me = yield* processOf(thread);
  if (node < 0 || node >= (yield load(local + HART.nodes))) return ERROR.EINVAL;
  yield* acquire(TABLE_LOCK);
  const target = yield* lockedSubject(me, number);
  const live = target > 0 && (yield load(target + PROCESS.state)) === PROCESS_STATE.live;
  const result = live ? yield* lockedMigrate(local, target, node) : target < 0 ? target : ERROR.ESRCH;
  yield* release(TABLE_LOCK);
  return result;
}

/** The process of a number, over which `me` has power; or ESRCH, EPERM. */
function* lockedSubject(me: number, number: number): Code<number> {
  const target = yield* lockedLookup(number);
  const exists = target !== 0 && (yield load(target + PROCESS.state)) !== PROCESS_STATE.embryo;
  if (!exists) return ERROR.ESRCH;
  return (yield* lockedDescends(target, me)) ? target : ERROR.EPERM;
}

function* lockedDescends(process: number, ancestor: number): Code<boolean> {
  for (let at = process; at !== 0; at = yield load(at + PROCESS.parent)) if (at === ancestor) return true;
  return false;
}
