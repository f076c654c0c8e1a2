/**
 * Peterson's lock for two threads (Myths About the Mutual Exclusion Problem, 1981): three words, loads and stores.
 *
 * A thread says that it is interested, gives way to the other one, and waits while the other one is interested
 * and it is the other one's turn. Whoever gave way last waits; first come, first served.
 */
import { type Code, fence, load, MARK, mark, spinUntilAny, store } from '../../../hw/isa/index.ts';
import type { NumberedLock, NumberedLockOptions } from './numbered-lock.ts';

const INTERESTED = 1;

export class PetersonLock implements NumberedLock {
  /** Bytes of the lock. */
  static readonly SIZE = 12;
  private readonly address: number;
  private readonly fences: boolean;

  constructor(address: number, { fences = true }: NumberedLockOptions = {}) {
    this.address = address;
    this.fences = fences;
  }

  // DOC: peterson-acquire
  *acquire(me: number): Code {
    const other = 1 - me;
    yield mark(MARK.atomic, this.address, PetersonLock.SIZE);
    yield mark(MARK.lockWanted, this.address);
    yield store(this.interested(me), INTERESTED);
    yield store(this.turn, other);
    // The look at the other must not come before the others can see what has just been written.
    if (this.fences) yield fence();
    while ((yield load(this.interested(other))) === INTERESTED && (yield load(this.turn)) === other) {
      // Whoever waits has no reason to hold its stores back. It comes too late to save the look above.
      yield fence();
      yield spinUntilAny(this.interested(other), INTERESTED, this.turn, other);
    }
    yield mark(MARK.lockAcquired, this.address);
  }

  *release(me: number): Code {
    yield mark(MARK.lockReleased, this.address);
    yield store(this.interested(me), 0);
  }

  private get turn(): number {
    return this.address + 8;
  }

  private interested(thread: number): number {
    return this.address + 4 * thread;
  }
}
