/**
 * The end of a port of protected procedure calls on one hart; the last hart destroys the port. And the end of a worker: if
 * it is the last one of its hart, whoever waits there waits in vain.
 *
 * *Locking:* see pool.ts.
 */
import { type Code, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { destroyObject } from '../../objects/object.ts';
import { Root } from '../../objects/root.ts';
import { THREAD } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { lockedEvict } from '../evict.ts';
import { PORT } from '../port.ts';
import { portAt } from '../right.ts';
import { countOff, failMail, takeKept } from './mail.ts';
import { ownPool } from './pool.ts';

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
