/**
 * Pages of files, which only the file server can find: a thread that wants one read or written waits here until a thread of the
 * server, a pager, has said on which blocks of the disk the page lies. The kernel then moves the page itself, by DMA.
 *
 *     requests  threads that wait for a pager            idle  pagers that wait for a request
 *     served    threads whose page a pager looks for
 *
 * When the server ends, or has none, all get EIO.
 *
 * *Locking:* `pagerLock` guards the queues; what a thread asks for is its own, and fixed while it waits.
 */
import { DISK_COMMAND } from '../../hw/address-map.ts';
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, THREAD, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWake, lockedWakeAll } from '../threads/wake.ts';

const LOCK = GLOBAL + NODE_BLOCK.pagerLock;
const GONE = GLOBAL + NODE_BLOCK.pagerGone;
const REQUESTS = GLOBAL + NODE_BLOCK.pagerRequests;
const SERVED = GLOBAL + NODE_BLOCK.pagerServed;
const IDLE = GLOBAL + NODE_BLOCK.pagerIdle;

// DOC: ask-pager
/** Has a page of the file of a key read into a frame, or written from it (of DISK_COMMAND); gives 0 or EIO. Blocks. */
export function* askPager(command: number, key: number, index: number, frame: number): Code<number> {
  const thread = yield* currentThread();
  yield store(thread + THREAD.diskCommand, command);
  yield store(thread + THREAD.diskBlock, key);
  yield store(thread + THREAD.diskBlocks, index);
  yield store(thread + THREAD.diskAddress, frame);
  yield* acquire(LOCK);
  const gone = (yield load(GONE)) !== 0;
  if (!gone) {
    yield* lockedPrepareWait(thread, REQUESTS, WAIT.pager, index);
    const pager = yield* new WaitQueue(IDLE).lockedFirst();
    if (pager !== 0) yield* lockedWake(new WaitQueue(IDLE), pager, 0);
  }
  yield* release(LOCK);
  return gone ? ERROR.EIO : yield* wait(thread, 0);
}

/** The thread whose request a pager is to serve next; waits for one. Or EINTR, EIO: there is nothing to serve any more. */
export function* nextRequest(pager: number): Code<number> {
  for (;;) {
    yield* acquire(LOCK);
    const gone = (yield load(GONE)) !== 0;
    const thread = gone ? 0 : yield* new WaitQueue(REQUESTS).lockedFirst();
    if (thread !== 0) yield* new WaitQueue(REQUESTS).lockedMove(thread, new WaitQueue(SERVED));
    else if (!gone) yield* lockedPrepareWait(pager, IDLE, WAIT.pages, 0);
    yield* release(LOCK);
    if (gone) return ERROR.EIO;
    if (thread !== 0) return thread;
    const result = yield* wait(pager, LOCK);
    if (result !== 0) return result;
  }
}

/** Whether a request is being served that is known by this. */
export function* isServed(token: number): Code<boolean> {
  yield* acquire(LOCK);
  let thread = yield* new WaitQueue(SERVED).lockedFirst();
  while (thread !== 0 && thread !== token) thread = yield load(thread + THREAD.waitNext);
  yield* release(LOCK);
  return thread !== 0;
}

/** Ends a request that is being served. */
export function* endRequest(token: number, result: number): Code {
  yield* acquire(LOCK);
  let thread = yield* new WaitQueue(SERVED).lockedFirst();
  while (thread !== 0 && thread !== token) thread = yield load(thread + THREAD.waitNext);
  if (thread !== 0) yield* lockedWake(new WaitQueue(SERVED), thread, result);
  yield* release(LOCK);
}

// DOC: close-pager
/** The server ends: nobody waits for it any longer. */
export function* closePager(): Code {
  yield* acquire(LOCK);
  yield store(GONE, 1);
  yield* lockedWakeAll(new WaitQueue(REQUESTS), ERROR.EIO);
  yield* lockedWakeAll(new WaitQueue(SERVED), ERROR.EIO);
  yield* lockedWakeAll(new WaitQueue(IDLE), ERROR.EIO);
  yield* release(LOCK);
}

/** What a request says, for the pager: a word that names it, whether the page is to be written, the key, the page. */
export function* describeRequest(thread: number): Code<readonly [number, number, number, number]> {
  const writes = (yield load(thread + THREAD.diskCommand)) === DISK_COMMAND.write ? 1 : 0;
  return [thread, writes, yield load(thread + THREAD.diskBlock), yield load(thread + THREAD.diskBlocks)];
}
