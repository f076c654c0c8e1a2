/**
 * PORT: where calls from other domains come in. A clustered object: a port for messages has one representative, one
 * for protected procedure calls has one for each hart, with that hart's workers (ppc.ts).
 *
 * Ports have names; a list on node 0 holds them all. Nobody reaches a port but by a right (right.ts).
 *
 * *Locking:*
 *   fixed at creation   class … ref
 *   portLock of node 0  next (of the first representative)
 *   `lock`, or the lock of all transfers (transfer-lock.ts): dead, the queues, and call…, serving… of the threads in
 *                       them. Of a representative of protected procedure calls: its hart, interrupts masked.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PORT_KIND } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { lockedPush, lockedTakeOut } from '../list.ts';
import { acquire, release } from '../locks/mcs.ts';
import { DEGREE } from '../objects/degree.ts';
import { handleOf } from '../objects/handle.ts';
import { prepareObject, publishObject } from '../objects/object.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { onLine, struct, word, words } from '../struct.ts';

export const PORT = struct({
  class: word,
  root: word,
  /** Tells it from later ports with the same reference. */
  serial: word,
  kind: word,
  name: words(2),
  ref: word,

  lock: onLine(),
  dead: word,
  /** Threads that wait for a call. */
  servers: words(2),
  /** Threads whose call nobody has taken yet, the longest waiting first. */
  calls: words(2),
  /** Threads whose call is being carried out. */
  served: words(2),
  next: word,

  /** Of protected procedure calls. The hart whose representative it is, plus 1. */
  home: onLine(),
  /** Threads that serve on this hart. */
  workers: word,
  /** Calls from other harts, and those without a caller, that wait for a worker: the first and the last. */
  mail: words(2),
  /** How many calls without a caller are on their way or wait; by fetch-and-add. */
  pending: word,
  /** Harts that have yet to hear that the port ends; of the first representative, by fetch-and-add. */
  closing: word,
});

const PORT_LOCK = GLOBAL + NODE_BLOCK.portLock;
const PORTS = GLOBAL + NODE_BLOCK.ports;

/** A port by its reference and serial number. */
export interface PortName {
  readonly ref: ObjRef;
  readonly serial: number;
}

/** Makes a port; gives its first representative, EBUSY if the name is taken, or ENOMEM. */
export function* createPort(first: number, second: number, kind: number): Code<number> {
  const local = yield csrRead('slocal');
  const made = yield* prepareObject(local, {
    classWord: CLASS.port,
    bytes: PORT.SIZE,
    fixed: PORT.lock,
    degree: kind === PORT_KIND.PPC ? DEGREE.hart : DEGREE.shared,
  });
  const { ref, rep } = made;
  if (ref === 0) return ERROR.ENOMEM;
  yield store(rep + PORT.serial, yield* handleOf(local, ref));
  yield store(rep + PORT.kind, kind);
  yield store(rep + PORT.name, first);
  yield store(rep + PORT.name + 4, second);
  yield store(rep + PORT.ref, ref);
  yield store(rep + PORT.home, (yield load(local + HART.hart)) + 1);
  yield* publishObject(local, made);
  return rep;
}

/** Enters a port under its name; gives 0, or EBUSY if another one has that name. */
export function* publishPort(port: number): Code<number> {
  yield* acquire(PORT_LOCK);
  const taken = yield* lockedFind(yield load(port + PORT.name), yield load(port + PORT.name + 4));
  if (taken === 0) {
    yield* lockedPush(PORTS, PORT.next, port);
  }
  yield* release(PORT_LOCK);
  return taken === 0 ? 0 : ERROR.EBUSY;
}

/** Takes a port out of the list, if it is in it. */
export function* withdrawPort(port: number): Code {
  yield* acquire(PORT_LOCK);
  yield* lockedTakeOut(PORTS, PORT.next, port);
  yield* release(PORT_LOCK);
}

/** The port of a name; a reference of 0 if there is none. */
export function* findPort(first: number, second: number): Code<PortName> {
  yield* acquire(PORT_LOCK);
  const port = yield* lockedFind(first, second);
  const found =
    port === 0 ? NO_PORT : { ref: yield load(port + PORT.ref), serial: yield load(port + PORT.serial) };
  yield* release(PORT_LOCK);
  return found;
}

const NO_PORT: PortName = Object.freeze({ ref: 0, serial: 0 });

function* lockedFind(first: number, second: number): Code<number> {
  for (let port = yield load(PORTS); port !== 0; port = yield load(port + PORT.next)) {
    if ((yield load(port + PORT.name)) === first && (yield load(port + PORT.name + 4)) === second)
      return port;
  }
  return 0;
}
