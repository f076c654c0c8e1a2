/**
 * Anderson's array-based queue lock (TPDS 1(1), 1990): a slot for each thread, in a circle, that says "must wait" or
 * "has the lock". One read-modify-write gives a place in the circle; a release writes the next slot.
 *
 * With slots in lines of their own a release disturbs one waiter; packed, it disturbs all who share the line. First
 * come, first served. Without coherent caches the slots are best spread over the memories; still, whoever comes to one
 * may be far away. There are as many slots as the power of two that fits the threads, so that places can wrap at 2^32.
 */
import { type Code, fetchAndAdd, load, MARK, mark, spinUntil, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { inRow, type Placement } from '../placement.ts';
import type { Lock, LockKind } from './lock.ts';

const slotsFor = (threads: number): number => 2 ** Math.ceil(Math.log2(threads));

export class AndersonLock implements Lock {
  private readonly address: number;
  private readonly slots: number;
  private readonly slot: Placement;

  /** @param slot where the slots lie, of which there are as many as the power of two that fits the threads */
  constructor(address: number, threads: number, slot: Placement) {
    this.address = address;
    this.slots = slotsFor(threads);
    this.slot = slot;
  }

  static size(threads: number, stride: number): number {
    return LINE + slotsFor(threads) * stride;
  }

  // DOC: anderson-acquire
  *acquire(node: number): Code {
    yield mark(MARK.lockWanted, this.address);
    const place = (yield fetchAndAdd(this.address, 1)) & (this.slots - 1);
    yield spinUntil(this.slot(place), this.hasLock(place));
    yield store(this.slot(place), 1 - this.hasLock(place));
    yield store(node, place);
    yield mark(MARK.lockAcquired, this.address);
  }

  // DOC: anderson-release
  *release(node: number): Code {
    yield mark(MARK.lockReleased, this.address);
    const next = ((yield load(node)) + 1) & (this.slots - 1);
    yield store(this.slot(next), this.hasLock(next));
  }

  /** What a slot holds whose thread has the lock: the first one's is 0, so that a lock of zeroes is free. */
  private hasLock(place: number): number {
    return place === 0 ? 0 : 1;
  }
}

const anderson = (id: string, summary: string, stride: number): LockKind => ({
  id,
  summary,
  fifo: true,
  blocking: false,
  size: (threads) => AndersonLock.size(threads, stride),
  nodeSize: 4,
  at(address, threads, slots) {
    const row = inRow(address + LINE, stride);
    return new AndersonLock(address, threads, stride < LINE ? row : (slots ?? row));
  },
});

export const andersonLock = anderson(
  'anderson',
  'A circle of slots, each in a line of its own; first come, first served',
  LINE,
);

export const andersonPackedLock = anderson(
  'anderson-packed',
  'As anderson, the slots side by side: waiters share lines',
  4,
);
