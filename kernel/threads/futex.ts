/**
 * Futexes: a word of user memory on which threads of one process wait.
 *
 * The table has FUTEX_BUCKETS buckets on every hart; the process and the address choose one. The word is read
 * under the bucket's lock, through the physical frame of the pinned page, so a wake that follows a change of
 * the word cannot slip in between the look and the wait.
 *
 * *Locking:* the bucket's `lock` guards its queue and waitObject, process of the threads in it.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { FUTEX_BUCKET, FUTEX_BUCKETS, HART, localBase, localOf } from '../hart-local.ts';
import { acquire, release } from '../locks/mcs.ts';
import { pinCurrent, unpin } from '../vm/pin.ts';
import { lockedPrepareWait, wait } from './block.ts';
import { THREAD, WAIT } from './thread.ts';
import { armTimeout } from './timers.ts';
import { WaitQueue } from './wait-queue.ts';
import { lockedWake } from './wake.ts';

/** The bucket for an address of a process. */
function* bucketOf(process: number, address: number): Code<number> {
  const local = yield* localBase();
  const hash = Math.imul((address >>> 2) ^ (process << 4), 0x9e3779b1) >>> 8;
  const harts = yield load(local + HART.harts);
  const home = yield* localOf(local, hash % harts);
  return home + HART.futexBuckets + (((hash / harts) | 0) % FUTEX_BUCKETS) * FUTEX_BUCKET.SIZE;
}

// DOC: futex-wait
/** Blocks if the word holds `expected`. `timeout` in cycles, 0 for ever. */
export function* futexWait(thread: number, address: number, expected: number, timeout: number): Code<number> {
  const process = yield load(thread + THREAD.process);
  const page = yield* pinCurrent(process, address);
  if (page.kind === 'refused') return page.error;
  const bucket = yield* bucketOf(process, address);
  yield* acquire(bucket + FUTEX_BUCKET.lock);
  const equal = (yield load(page.physical)) === expected;
  if (equal) {
    yield* lockedPrepareWait(thread, bucket + FUTEX_BUCKET.queue, WAIT.futex, address);
    if (timeout > 0) yield* armTimeout(yield* localBase(), thread, timeout);
  }
  yield* release(bucket + FUTEX_BUCKET.lock);
  yield* unpin(page);
  return equal ? yield* wait(thread, bucket + FUTEX_BUCKET.lock) : ERROR.EAGAIN;
}

/** Wakes up to `count` threads of the process that wait on the address; gives how many. */
export function* futexWake(process: number, address: number, count: number): Code<number> {
  const bucket = yield* bucketOf(process, address);
  const queue = new WaitQueue(bucket + FUTEX_BUCKET.queue);
  let woken = 0;
  yield* acquire(bucket + FUTEX_BUCKET.lock);
  let thread = yield* queue.lockedFirst();
  while (thread !== 0 && woken < count) {
    const next = yield load(thread + THREAD.waitNext);
    const mine =
      (yield load(thread + THREAD.waitObject)) === address &&
      (yield load(thread + THREAD.process)) === process;
    if (mine) woken += yield* lockedWake(queue, thread, 0);
    thread = next;
  }
  yield* release(bucket + FUTEX_BUCKET.lock);
  return woken;
}
