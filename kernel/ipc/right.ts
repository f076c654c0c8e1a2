/**
 * RIGHT: what a process has of a port: the right to call it, or to receive from it and to close it. A clustered object
 * with a representative on every hart that uses it, so that looking at it touches nothing that is shared.
 *
 * A handle is good in its process only, and until it is given up. Nothing but a right leads to a port.
 *
 * *Locking:* what a right says is fixed.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PORT_KIND } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { allocate, free } from '../memory/heap.ts';
import { DEGREE } from '../objects/degree.ts';
import { findByHandle, handleOf, refOfHandle } from '../objects/handle.ts';
import { destroyOwned, prepareObject, publishObject } from '../objects/object.ts';
import { deref, type ObjRef, tryDeref } from '../objects/translation-table.ts';
import { enterOwned, OWNED, takeOwned } from '../processes/owned.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { struct, word } from '../struct.ts';
import { THREAD } from '../threads/thread.ts';
import { PORT, type PortName } from './port.ts';

export const RIGHT = struct({
  class: word,
  root: word,
  handle: word,
  owner: word,
  role: word,
  port: word,
  serial: word,
});

/** What a right is for. */
export const ROLE = Object.freeze({ call: 1, receive: 2 });

/** Gives a process a right to a port; gives its handle, or ENOMEM. */
export function* grantRight(thread: number, role: number, port: PortName): Code<number> {
  const local = yield csrRead('slocal');
  const link = yield* allocate(local, OWNED.SIZE);
  if (link === 0) return ERROR.ENOMEM;
  const made = yield* prepareObject(local, {
    classWord: CLASS.right,
    bytes: RIGHT.SIZE,
    fixed: RIGHT.SIZE,
    degree: DEGREE.hart,
  });
  const { ref, rep } = made;
  if (ref === 0) {
    yield* free(link);
    return ERROR.ENOMEM;
  }
  const handle = yield* handleOf(local, ref);
  const process = yield* deref(yield load(thread + THREAD.process));
  yield store(rep + RIGHT.handle, handle);
  yield store(rep + RIGHT.owner, yield load(process + PROCESS_REP.number));
  yield store(rep + RIGHT.role, role);
  yield store(rep + RIGHT.port, port.ref);
  yield store(rep + RIGHT.serial, port.serial);
  yield* publishObject(local, made);
  yield* enterOwned(yield load(process + PROCESS_REP.record), PROCESS.rights, link, handle);
  return handle;
}

// DOC: check-right
/**
 * This hart's representative of the port that a handle of the thread's process is a right to, or EBADF: forged, stale,
 * another process's, or for something else; or ECALLFAILED: the port has ended.
 */
export function* portOf(thread: number, handle: number, role: number): Code<number> {
  const process = yield* deref(yield load(thread + THREAD.process));
  const right = yield* rightAt(handle, yield load(process + PROCESS_REP.number));
  if (right === 0 || (yield load(right + RIGHT.role)) !== role) return ERROR.EBADF;
  const port = yield* portAt(yield load(right + RIGHT.port), yield load(right + RIGHT.serial));
  return port === 0 ? ERROR.ECALLFAILED : port;
}

/** The port of a handle, if it is one for protected calls, or for messages. */
export function* portFor(thread: number, handle: number, role: number, ppc: boolean): Code<number> {
  const port = yield* portOf(thread, handle, role);
  if (port < 0) return port;
  return ((yield load(port + PORT.kind)) === PORT_KIND.PPC) === ppc ? port : ERROR.EBADF;
}

const isRight = (classWord: number): boolean => classWord === CLASS.right;

/** This hart's representative of a right of a process, or 0. */
export function* rightAt(handle: number, process: number): Code<number> {
  const right = yield* findByHandle(handle, isRight, RIGHT.handle);
  return right !== 0 && (yield load(right + RIGHT.owner)) === process ? right : 0;
}

const isPort = (classWord: number): boolean => classWord === CLASS.port;

/** This hart's representative of a port, or 0 if it has gone. */
export function* portAt(ref: ObjRef, serial: number): Code<number> {
  const port = yield* tryDeref(ref, isPort);
  if (port === 0 || !isPort(yield load(port + PORT.class))) return 0;
  return (yield load(port + PORT.serial)) === serial ? port : 0;
}

/** Takes a right from a process; gives 0, or EBADF if somebody else was faster. */
export function* removeRight(record: number, handle: number): Code<number> {
  if (!(yield* takeOwned(record, PROCESS.rights, handle))) return ERROR.EBADF;
  const local = yield csrRead('slocal');
  yield* destroyOwned(local, yield* refOfHandle(local, handle));
  return 0;
}
