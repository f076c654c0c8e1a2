/**
 * The disk driver: a queue of threads with requests, of which the first one's is under way. The completion
 * interrupt is routed to the hart of the thread that asked.
 *
 * *Locking:* `diskLock` guards the queue and the device.
 */
import { DISK, DISK_STATUS, INTERRUPT_CONTROLLER, INTERRUPT_SOURCE } from '../../hw/address-map.ts';
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { currentThread, THREAD, WAIT } from '../threads/thread.ts';
import { WaitQueue } from '../threads/wait-queue.ts';
import { lockedWake } from '../threads/wake.ts';

const LOCK = GLOBAL + NODE_BLOCK.diskLock;
const QUEUE = GLOBAL + NODE_BLOCK.diskQueue;

/** Moves blocks between disk and memory; the calling thread blocks meanwhile. Gives 0 or EIO. */
export function* diskTransfer(command: number, block: number, address: number, blocks: number): Code<number> {
  const thread = yield* currentThread();
  yield store(thread + THREAD.diskCommand, command);
  yield store(thread + THREAD.diskBlock, block);
  yield store(thread + THREAD.diskAddress, address);
  yield store(thread + THREAD.diskBlocks, blocks);
  yield* acquire(LOCK);
  const queue = new WaitQueue(QUEUE);
  const idle = (yield* queue.lockedFirst()) === 0;
  // Waiting before the device starts: a completion, however fast, finds the thread in the queue.
  yield* lockedPrepareWait(thread, QUEUE, WAIT.disk, block);
  if (idle) yield* lockedStart(thread);
  yield* release(LOCK);
  return yield* wait(thread, 0);
}

function* lockedStart(thread: number): Code {
  yield store(INTERRUPT_CONTROLLER.ROUTE + 4 * INTERRUPT_SOURCE.disk, yield load(thread + THREAD.hart));
  yield store(DISK.BLOCK, yield load(thread + THREAD.diskBlock));
  yield store(DISK.COUNT, yield load(thread + THREAD.diskBlocks));
  yield store(DISK.ADDRESS, yield load(thread + THREAD.diskAddress));
  yield store(DISK.COMMAND, yield load(thread + THREAD.diskCommand));
}

/** The completion interrupt: wakes the thread whose request is done and starts the next one. */
export function* diskCompleted(): Code {
  yield* acquire(LOCK);
  const queue = new WaitQueue(QUEUE);
  const status = yield load(DISK.STATUS);
  // Completed before the next request starts, whose interrupt may go to another hart.
  yield store(INTERRUPT_CONTROLLER.CLAIM, INTERRUPT_SOURCE.disk);
  const thread = yield* queue.lockedFirst();
  if (thread !== 0) {
    yield* lockedWake(queue, thread, status === DISK_STATUS.error ? ERROR.EIO : 0);
    const next = yield* queue.lockedFirst();
    if (next !== 0) yield* lockedStart(next);
  }
  yield* release(LOCK);
}
