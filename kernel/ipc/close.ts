/**
 * The end of a port, and of rights. Who has the right to receive from a port closes it: those who wait for a call or for
 * a reply get ECALLFAILED, whether their call had been taken or not; so do later calls.
 *
 * *Locking:* see port.ts.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PORT_KIND } from '../abi/flags.ts';
import { acquire, release } from '../locks/mcs.ts';
import { destroyObject } from '../objects/object.ts';
import { Root } from '../objects/root.ts';
import { lastOwned } from '../processes/owned.ts';
import { PROCESS } from '../processes/process.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedEvict } from './evict.ts';
import { PORT, withdrawPort } from './port.ts';
import { closePools, discard, prepareClose } from './ppc/close-all.ts';
import { portAt, removeRight, RIGHT, rightAt, ROLE } from './right.ts';
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

/** Gives up all rights of a process whose threads have left. */
export function* closeRights(record: number): Code {
  const list = PROCESS.rights;
  for (let handle = yield* lastOwned(record, list); handle !== 0; handle = yield* lastOwned(record, list))
    yield* closeRight(record, handle);
}

/** Gives up a right; with the right to receive, the port ends. Gives 0, EBADF, or ENOMEM. */
export function* closeRight(record: number, handle: number): Code<number> {
  const right = yield* rightAt(handle, yield load(record + PROCESS.number));
  if (right === 0) return ERROR.EBADF;
  const receives = (yield load(right + RIGHT.role)) === ROLE.receive;
  const port = yield* portAt(yield load(right + RIGHT.port), yield load(right + RIGHT.serial));
  if (!receives || port === 0) return yield* removeRight(record, handle);
  if ((yield load(port + PORT.kind)) === PORT_KIND.PPC) return yield* closePpc(record, handle, port);
  const removed = yield* removeRight(record, handle);
  if (removed === 0) yield* closePort(port);
  return removed;
}

/** Without memory to tell it to all harts, a port for protected calls stays. A process that ends has no workers left. */
function* closePpc(record: number, handle: number, port: number): Code<number> {
  const ended = (yield load(record + PROCESS.running)) === 0;
  const mails = ended ? 0 : yield* prepareClose(port);
  if (!ended && mails === 0) return ERROR.ENOMEM;
  const removed = yield* removeRight(record, handle);
  if (removed !== 0) yield* discard(mails);
  else if (ended) yield* closePort(yield* new Root(yield load(port + PORT.root)).primary());
  else yield* closePools(port, mails);
  return removed;
}
