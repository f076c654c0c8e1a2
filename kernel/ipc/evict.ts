/** Sending everybody away who stands in a queue of a port. *Locking:* that of the queue, see port.ts. */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { THREAD } from '../threads/thread.ts';
import type { WaitQueue } from '../threads/wait-queue.ts';
import { claim, enqueue } from '../threads/wake.ts';

/** Sends all away with ECALLFAILED, also those whom somebody else has woken: the queue may go. */
export function* lockedEvict(queue: WaitQueue): Code {
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
