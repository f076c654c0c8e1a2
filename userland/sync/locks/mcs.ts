/**
 * The list-based queue lock of Mellor-Crummey and Scott (TOCS 9(1), 1991, algorithm 5).
 *
 * The lock is one word, the tail of a queue; each thread brings a q-node and spins on that alone, so a release
 * costs a constant number of remote references however many wait. First come, first served.
 * `compareAndSwap` decides the race between a release that sees no successor and a thread that just joined.
 */
import {
  type Code,
  compareAndSwap,
  fetchAndStore,
  load,
  MARK,
  mark,
  spinUntil,
  spinUntilNot,
  store,
} from '../../../hw/isa/index.ts';
import type { Lock, LockKind } from './lock.ts';
import { QNode } from './q-node.ts';

const NIL = 0;

export class McsLock implements Lock {
  /** The word that says who came last, or NIL. */
  protected readonly tail: number;

  constructor(address: number) {
    this.tail = address;
  }

  // DOC: mcs-acquire
  *acquire(node: number): Code {
    const me = new QNode(node);
    yield mark(MARK.atomic, node, QNode.SIZE);
    yield mark(MARK.lockWanted, this.tail);
    yield store(me.next, NIL);
    yield store(me.gotIt, 0);
    const predecessor = yield fetchAndStore(this.tail, me.address);
    if (predecessor !== NIL) {
      yield store(new QNode(predecessor).next, me.address);
      yield spinUntil(me.gotIt, 1);
    }
    yield mark(MARK.lockAcquired, this.tail);
  }

  // DOC: mcs-release
  *release(node: number): Code {
    const me = new QNode(node);
    yield mark(MARK.lockReleased, this.tail);
    let successor = yield load(me.next);
    if (successor === NIL) {
      if ((yield compareAndSwap(this.tail, me.address, NIL)) === me.address) return;
      // Somebody has swapped the tail and is about to link itself to us.
      successor = yield spinUntilNot(me.next, NIL);
    }
    yield store(new QNode(successor).gotIt, 1);
  }
}

export const mcsLock: LockKind = {
  id: 'mcs',
  summary: 'A queue in which each waiter spins on a word of its own; first come, first served',
  fifo: true,
  blocking: false,
  size: () => 4,
  nodeSize: QNode.SIZE,
  at: (address) => new McsLock(address),
};
