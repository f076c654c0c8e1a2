/**
 * Works like the MCS lock, except that it needs no compare_and_swap (Mellor-Crummey & Scott 1991, algorithm 6).
 *
 * A release that sees no successor swaps the tail for NIL. If somebody had joined, the queue is without a tail for
 * a moment: it is put back with a second swap, and whoever came in between, the usurpers, go before those who
 * were there. So it is first come, first served only if nobody comes in that moment.
 */
import { type Code, fetchAndStore, load, MARK, mark, spinUntilNot, store } from '../../../hw/isa/index.ts';
import type { LockKind } from './lock.ts';
import { McsLock } from './mcs.ts';
import { QNode } from './q-node.ts';

const NIL = 0;

export class McsSwapLock extends McsLock {
  // DOC: mcs-swap-release
  override *release(node: number): Code {
    const me = new QNode(node);
    yield mark(MARK.lockReleased, this.tail);
    let successor = yield load(me.next);
    let usurper = NIL;
    if (successor === NIL) {
      const last = yield fetchAndStore(this.tail, NIL);
      if (last === me.address) return;
      usurper = yield fetchAndStore(this.tail, last);
      successor = yield spinUntilNot(me.next, NIL);
    }
    if (usurper === NIL) yield store(new QNode(successor).gotIt, 1);
    else yield store(new QNode(usurper).next, successor);
  }
}

export const mcsSwapLock: LockKind = {
  id: 'mcs-swap',
  summary: 'As mcs, without compare_and_swap: now and then somebody gets in front',
  fifo: false,
  blocking: false,
  size: () => 4,
  nodeSize: QNode.SIZE,
  at: (address) => new McsSwapLock(address),
};
