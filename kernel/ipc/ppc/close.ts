/**
 * The end of a port of protected procedure calls, hart by hart: each hears of it by mail, since only it may touch its
 * pool; the last one destroys the port. And the end of a worker: if it is the last one of its hart, whoever waits there
 * waits in vain.
 *
 * *Locking:* see pool.ts.
 */
import { type Code, csrRead, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { HART } from '../../hart-local.ts';
import { free } from '../../memory/heap.ts';
import { destroyObject } from '../../objects/object.ts';
import { Root } from '../../objects/root.ts';
import { THREAD } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { lockedEvict } from '../evict.ts';
import { PORT, withdrawPort } from '../port.ts';
import { portAt } from '../right.ts';
import { countOff, createMail, failMail, MAIL, MAIL_KIND, takeKept } from './mail.ts';
import { ownPool } from './pool.ts';
import { sendMail } from './remote.ts';

/** Mail to say so to every hart, linked; 0 if there is no memory. It is made before the port is touched. */
export function* prepareClose(pool: number): Code<number> {
  const local = yield csrRead('slocal');
  const name = { ref: yield load(pool + PORT.ref), serial: yield load(pool + PORT.serial) };
  let first = 0;
  for (let hart = yield load(local + HART.harts); hart > 0; hart -= 1) {
    const mail = yield* createMail(local, MAIL_KIND.close, name);
    if (mail === 0) {
      yield* discard(first);
      return 0;
    }
    yield store(mail + MAIL.next, first);
    first = mail;
  }
  return first;
}

/** Frees mail that was not sent. */
export function* discard(first: number): Code {
  for (let mail = first; mail !== 0; ) {
    const next = yield load(mail + MAIL.next);
    yield* free(mail);
    mail = next;
  }
}

// DOC: ppc-close
/** Ends a port on all harts; returns when it is said to all of them, not when all have heard. */
export function* closePools(pool: number, mails: number): Code {
  const local = yield csrRead('slocal');
  const primary = yield* new Root(yield load(pool + PORT.root)).primary();
  yield* withdrawPort(primary);
  yield store(primary + PORT.closing, yield load(local + HART.harts));
  let mail = mails;
  for (let hart = 0; mail !== 0; hart += 1) {
    const next = yield load(mail + MAIL.next);
    yield* sendMail(local, mail, hart);
    mail = next;
  }
}

/** Ends this hart's part of a port. */
export function* closePool(local: number, pool: number): Code {
  if ((yield* ownPool(pool)) === 0) {
    yield store(pool + PORT.dead, 1);
    yield store(pool + PORT.workers, 0);
    yield* dismiss(pool, ERROR.ECALLFAILED);
    for (const queue of [PORT.servers, PORT.served]) yield* lockedEvict(new WaitQueue(pool + queue));
  }
  const primary = yield* new Root(yield load(pool + PORT.root)).primary();
  if ((yield fetchAndAdd(primary + PORT.closing, -1)) === 1)
    yield* destroyObject(local, yield load(pool + PORT.ref));
}

/** Sends away all that wait for a worker. */
function* dismiss(pool: number, error: number): Code {
  yield* lockedEvict(new WaitQueue(pool + PORT.calls));
  for (let mail = yield* takeKept(pool); mail !== 0; mail = yield* takeKept(pool)) {
    yield* countOff(pool, mail);
    yield* failMail(mail, error);
  }
}

/** A thread serves on this hart no more. */
export function* resign(thread: number): Code {
  const ref = yield load(thread + THREAD.workerPort);
  if (ref === 0) return;
  yield store(thread + THREAD.workerPort, 0);
  const pool = yield* portAt(ref, yield load(thread + THREAD.workerSerial));
  if (pool === 0 || (yield load(pool + PORT.dead)) !== 0) return;
  const left = (yield load(pool + PORT.workers)) - 1;
  yield store(pool + PORT.workers, left);
  if (left === 0) yield* dismiss(pool, ERROR.ECALLFAILED);
}
