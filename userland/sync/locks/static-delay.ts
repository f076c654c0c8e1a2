/**
 * Works like spin-on-read, except that a waiter who sees the lock free waits before it tries: each thread for a
 * time of its own, as if every one had a slot (Anderson 1990, static delay after a release).
 *
 * Of all who saw the release, the one with the earliest slot gets the lock, and the others see it taken when
 * their time has come. With few waiters a late slot is time lost. Needs coherent caches to be worth anything.
 * A thread's slot is the order of its first visit.
 */
import {
  type Code,
  fetchAndAdd,
  load,
  MARK,
  mark,
  spinUntil,
  store,
  testAndSet,
  work,
} from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { DELAY } from './delay.ts';
import type { Lock, LockKind } from './lock.ts';

const FREE = 0;

export class StaticDelayLock implements Lock {
  private readonly word: number;

  constructor(address: number) {
    this.word = address;
  }

  // DOC: static-delay
  *acquire(node: number): Code {
    yield mark(MARK.lockWanted, this.word);
    while ((yield load(this.word)) !== FREE || (yield testAndSet(this.word)) !== FREE) {
      yield spinUntil(this.word, FREE);
      yield work(DELAY * (yield* this.slotOf(node)));
    }
    yield mark(MARK.lockAcquired, this.word);
  }

  *release(): Code {
    yield mark(MARK.lockReleased, this.word);
    yield store(this.word, FREE);
  }

  /** How many threads have a slot; not in the line that all look at. */
  private get slots(): number {
    return this.word + LINE;
  }

  /** The thread's slot plus 1, which its node keeps. */
  private *slotOf(node: number): Code<number> {
    const slot = yield load(node);
    if (slot > 0) return slot - 1;
    const mine = yield fetchAndAdd(this.slots, 1);
    yield store(node, mine + 1);
    return mine;
  }
}

export const staticDelayLock: LockKind = {
  id: 'static-delay',
  summary: 'As spin-on-read; who sees a release waits for a time of its own before it tries',
  fifo: false,
  blocking: false,
  size: () => LINE + 4,
  nodeSize: 4,
  keepsNodes: true,
  at: (address) => new StaticDelayLock(address),
};
