/**
 * Works like `sense-reversing`, except that waiters sleep on the sense as a futex: at once, or after they have spun for
 * a while.
 */
import { type Code, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { futexWait, futexWake } from '../../runtime/system-calls.ts';
import { spinAWhile } from '../spinning.ts';
import type { Barrier, BarrierKind } from './barrier.ts';

const FOR_EVER = 0;

class FutexBarrier implements Barrier {
  private readonly count: number;
  private readonly participants: number;

  constructor(address: number, participants: number) {
    this.count = address;
    this.participants = participants;
  }

  protected get sense(): number {
    return this.count + LINE;
  }

  // DOC: futex-barrier
  *wait(): Code {
    const sense = yield load(this.sense);
    const before = yield fetchAndAdd(this.count, 1);
    if (before < this.participants - 1) {
      yield* this.await(sense);
      return;
    }
    yield store(this.count, 0);
    yield store(this.sense, 1 - sense);
    yield* futexWake(this.sense, this.participants);
  }

  protected *await(sense: number): Code {
    while ((yield load(this.sense)) === sense) yield* futexWait(this.sense, sense, FOR_EVER);
  }
}

class SpinThenBlockBarrier extends FutexBarrier {
  protected override *await(sense: number): Code {
    if ((yield* spinAWhile(this.sense, sense)) === sense) yield* super.await(sense);
  }
}

export const futexBarrier: BarrierKind = {
  id: 'futex-barrier',
  summary: 'As sense-reversing, but waiters sleep on a futex',
  blocking: true,
  size: () => 2 * LINE,
  at: (address, participants) => new FutexBarrier(address, participants),
};

export const spinThenBlockBarrier: BarrierKind = {
  id: 'spin-then-block',
  summary: 'As futex-barrier, but waiters spin for a while first',
  blocking: true,
  size: () => 2 * LINE,
  at: (address, participants) => new SpinThenBlockBarrier(address, participants),
};
