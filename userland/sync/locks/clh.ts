/**
 * The queue lock of Craig (1993) and of Landin & Hagersten (1994): each thread spins on its predecessor's node.
 *
 * One swap joins; a release is one store, with no race to settle, since nobody needs to know a successor. The price:
 * a released node may still be looked at, so its owner leaves it and goes on with its predecessor's. And without
 * coherent caches that node lies in another's memory, where the spinning is remote. First come, first served.
 */
import { type Code, fetchAndStore, load, MARK, mark, spinUntil, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import type { Lock, LockKind } from './lock.ts';

const NIL = 0;
const RELEASED = 0;
const WAITS = 1;

/** What a thread brings: which node of the queue is its own now, which one it waits for, and the first that it owns. */
class Visitor {
  static readonly SIZE = LINE + 4;
  private readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  get mine(): number {
    return this.address;
  }

  get predecessor(): number {
    return this.address + 4;
  }

  /** The node that it has at its first visit. */
  get first(): number {
    return this.address + LINE;
  }
}

export class ClhLock implements Lock {
  private readonly tail: number;

  constructor(address: number) {
    this.tail = address;
  }

  // DOC: clh-acquire
  *acquire(node: number): Code {
    const me = new Visitor(node);
    yield mark(MARK.lockWanted, this.tail);
    let mine = yield load(me.mine);
    if (mine === NIL) mine = me.first;
    yield store(mine, WAITS);
    let predecessor = yield fetchAndStore(this.tail, mine);
    if (predecessor === NIL) predecessor = this.released;
    yield spinUntil(predecessor, RELEASED);
    yield store(me.mine, mine);
    yield store(me.predecessor, predecessor);
    yield mark(MARK.lockAcquired, this.tail);
  }

  // DOC: clh-release
  *release(node: number): Code {
    const me = new Visitor(node);
    yield mark(MARK.lockReleased, this.tail);
    const mine = yield load(me.mine);
    yield store(me.mine, yield load(me.predecessor));
    yield store(mine, RELEASED);
  }

  /** The node, of nobody and released, that the first to come finds. */
  private get released(): number {
    return this.tail + LINE;
  }
}

export const clhLock: LockKind = {
  id: 'clh',
  summary: 'A queue in which each waiter spins on the word of the one before; first come, first served',
  fifo: true,
  blocking: false,
  size: () => LINE + 4,
  nodeSize: Visitor.SIZE,
  keepsNodes: true,
  at: (address) => new ClhLock(address),
};
