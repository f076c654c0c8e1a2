/**
 * The end of a port, and of rights. Who has the right to receive from a port closes it: those who wait for a call or for
 * a reply get ECALLFAILED, whether their call had been taken or not; so do later calls.
 *
 * *Locking:* see port.ts.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { acquire, release } from '../locks/mcs.ts';
import { destroyObject } from '../objects/object.ts';
import { PROCESS } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { claim, enqueue } from '../threads/wake.ts';
import { PORT, withdrawPort } from './port.ts';
import { portAt, removeRight, RIGHT, RIGHT_LINK, rightAt, ROLE } from './right.ts';
import { lockOf } from './transfer-lock.ts';

// DOC: close-port
/** Ends a port of messages: nobody finds it any more, and all who wait at it are told. */
export function* closePort(port: number): Code {
  const local = yield csrRead('slocal');
  yield* withdrawPort(port);
  const lock = yield* lockOf(local, port);
  yield* acquire(lock);
  const first = (yield load(port + PORT.dead)) === 0;
  yield store(port + PORT.dead, 1);
  for (const queue of [PORT.servers, PORT.calls, PORT.served])
    yield* lockedEvict(new WaitQueue(port + queue));
  yield* release(lock);
  if (first) yield* destroyObject(local, yield load(port + PORT.ref));
}

/** Sends everybody in a queue away, also those whom somebody else has woken: the queue goes. */
function* lockedEvict(queue: WaitQueue): Code {
  for (let thread = yield* queue.lockedFirst(); thread !== 0; thread = yield* queue.lockedFirst()) {
    yield* queue.lockedRemove(thread);
    const server = yield load(thread + THREAD.callServer);
    if (server !== 0) yield store(server + THREAD.serving, 0);
    yield store(thread + THREAD.callServer, 0);
    if (!(yield* claim(thread))) continue;
    yield store(thread + THREAD.wakeResult, ERROR.ECALLFAILED);
    yield* enqueue(thread);
  }
}

/** Gives up all rights of a process whose threads have left. */
export function* closeRights(record: number): Code {
  for (
    let link = yield load(record + PROCESS.rights);
    link !== 0;
    link = yield load(record + PROCESS.rights)
  ) {
    const handle = yield load(link + RIGHT_LINK.handle);
    yield* closeRight(record, handle);
  }
}

/** Gives up a right; with the right to receive, the port ends. Gives 0, or EBADF. */
export function* closeRight(record: number, handle: number): Code<number> {
  const right = yield* rightAt(handle, yield load(record + PROCESS.number));
  if (right === 0) return ERROR.EBADF;
  const receives = (yield load(right + RIGHT.role)) === ROLE.receive;
  const port = yield* portAt(yield load(right + RIGHT.port), yield load(right + RIGHT.serial));
  const removed = yield* removeRight(record, handle);
  if (removed === 0 && receives && port !== 0) yield* closePort(port);
  return removed;
}
