/**
 * The kernel's spin lock: Mellor-Crummy and Scott's list-based queueing lock. The lock is one word, the tail.
 *
 * A hart has one q-node per nesting level, so holding needs no memory and a waiter spins on its own line.
 * Interrupts are masked in the kernel, so a holder is never preempted; a waiter serves its mailbox.
 *
 * *Lock order:* process table → process → list of ports, port or all transfers → representative of a process (regions, or threads), (region, FCM, HAT, COR: one at a time) → disk,
 * futex bucket, top of a barrier → synchronization object → run queue → mediator → root of an object → refs → heap (the single pool’s, then a pool’s) → DSM →
 * console. Locks of process, region, FCM and COR are never nested, nor are those of two roots, and no frame is asked for
 * under a pool’s lock.
 */
import {
  type Code,
  compareAndSwap,
  csrRead,
  fetchAndStore,
  load,
  MARK,
  mark,
  panic,
  store,
} from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { PANIC } from '../panics.ts';
import { LINE, struct, word } from '../struct.ts';
import { awaitChange } from './mailbox.ts';
import { ascend, descend, innermost } from './nesting.ts';

/** `lock` says which lock the node is for, so that an innermost lock that is another one is noticed. */
const QUEUE_NODE = struct({ next: word, waiting: word, lock: word });

/** The queue node of a nesting level. */
const nodeOf = (local: number, level: number): number => local + HART.queueNodes + level * LINE;

/** Takes the lock. Locks are released in the reverse order of taking. */
export function* acquire(lock: number): Code {
  yield mark(MARK.lockWanted, lock);
  const local = yield csrRead('slocal');
  const node = nodeOf(local, yield* descend(local));
  yield store(node + QUEUE_NODE.next, 0);
  yield store(node + QUEUE_NODE.lock, lock);
  const predecessor = yield fetchAndStore(lock, node);
  if (predecessor !== 0) {
    yield store(node + QUEUE_NODE.waiting, 1);
    yield store(predecessor + QUEUE_NODE.next, node);
    yield* awaitChange(local, node + QUEUE_NODE.waiting, 1);
  }
  yield mark(MARK.lockAcquired, lock);
}

/** Gives the lock to the next waiter, if there is one. */
export function* release(lock: number): Code {
  yield mark(MARK.lockReleased, lock);
  const local = yield csrRead('slocal');
  const node = nodeOf(local, yield* innermost(local));
  if ((yield load(node + QUEUE_NODE.lock)) !== lock) yield panic(PANIC.lockOrder);
  yield store(node + QUEUE_NODE.lock, 0);
  let next = yield load(node + QUEUE_NODE.next);
  if (next === 0) {
    const tail = yield compareAndSwap(lock, node, 0);
    if (tail !== node) {
      // A successor has swapped itself in but not linked itself yet.
      yield* awaitChange(local, node + QUEUE_NODE.next, 0);
      next = yield load(node + QUEUE_NODE.next);
    }
  }
  if (next !== 0) yield store(next + QUEUE_NODE.waiting, 0);
  yield* ascend(local);
}
