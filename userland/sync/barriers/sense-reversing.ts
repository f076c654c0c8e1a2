/**
 * The centralized sense-reversing barrier: a count of arrivals, and a sense that changes with each episode.
 *
 * The last to arrive resets the count before it changes the sense, so whoever leaves can come back at once. The
 * classic algorithm keeps the sense to wait for in each thread; reading it before arriving is as good, since
 * it cannot change until all have arrived. Everyone spins on one word: each episode is a burst of n misses.
 */
import { type Code, fetchAndAdd, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import type { Barrier, BarrierKind } from './barrier.ts';

export class SenseReversingBarrier implements Barrier {
  private readonly address: number;
  private readonly participants: number;

  constructor(address: number, participants: number) {
    this.address = address;
    this.participants = participants;
  }

  /** How many have arrived in this episode. */
  private get count(): number {
    return this.address;
  }

  /** The word that waiters spin on: in a line of its own, so that arrivals do not disturb them. */
  private get sense(): number {
    return this.address + LINE;
  }

  // DOC: sense-reversing
  *wait(): Code {
    const sense = yield load(this.sense);
    const before = yield fetchAndAdd(this.count, 1);
    if (before < this.participants - 1) {
      yield spinUntilNot(this.sense, sense);
      return;
    }
    yield store(this.count, 0);
    yield store(this.sense, 1 - sense);
  }
}

export const senseReversingBarrier: BarrierKind = {
  id: 'sense-reversing',
  summary: 'One count, one sense that reverses with each episode; all spin on one word',
  size: () => 2 * LINE,
  at: (address, participants) => new SenseReversingBarrier(address, participants),
};
