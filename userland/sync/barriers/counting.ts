/**
 * The counting barrier: everyone counts itself in and waits, then counts itself out and waits. (Notes: the barrier
 * with two loops.)
 *
 * The first loop waits until all are in, the second until all have seen that: without it a quick thread could come
 * back and be counted twice. In the lectures the last to arrive puts the count back at once; a waiter that looks too
 * late never sees that all had come. Here every one takes part in putting it back, so that nothing can be missed:
 * two atomic instructions each, and all spin on the word that all write.
 */
import { type Code, fetchAndAdd, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import type { Barrier, BarrierKind } from './barrier.ts';

export class CountingBarrier implements Barrier {
  private readonly count: number;
  private readonly participants: number;

  constructor(address: number, participants: number) {
    this.count = address;
    this.participants = participants;
  }

  // DOC: counting
  *wait(): Code {
    const { count, participants } = this;
    let seen = (yield fetchAndAdd(count, 1)) + 1;
    while (seen < participants) seen = yield spinUntilNot(count, seen);

    seen = (yield fetchAndAdd(count, 1)) + 1;
    if (seen === 2 * participants) yield store(count, 0);
    // From 0 on it counts arrivals again, of others: it cannot get here before this thread is back.
    else while (seen >= participants) seen = yield spinUntilNot(count, seen);
  }
}

export const countingBarrier: BarrierKind = {
  id: 'counting',
  summary: 'One count, up and down again in two loops; all spin on the word that all write',
  size: () => LINE,
  at: (address, participants) => new CountingBarrier(address, participants),
};
