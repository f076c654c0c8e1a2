/**
 * Lamport's bakery (A New Solution of Dijkstra's Concurrent Programming Problem, CACM 1974): any number of
 * threads, two words for each, loads and stores.
 *
 * A thread takes a ticket larger than all that it sees and waits for those with smaller ones. Two may take the
 * same: then the lower thread goes first. While a thread chooses, the others wait to see what it will have. First
 * come, first served, from the end of the choice on. Tickets grow as long as the bakery is never empty.
 */
import { type Code, fence, load, MARK, mark, spinUntil, spinUntilNot, store } from '../../../hw/isa/index.ts';
import type { NumberedLock, NumberedLockOptions } from './numbered-lock.ts';

const CHOOSING = 1;
const NO_TICKET = 0;

export class BakeryLock implements NumberedLock {
  private readonly address: number;
  private readonly threads: number;
  private readonly fences: boolean;

  /** @param threads how many threads there are, the lock's size is `BakeryLock.size(threads)` */
  constructor(address: number, threads: number, { fences = true }: NumberedLockOptions = {}) {
    this.address = address;
    this.threads = threads;
    this.fences = fences;
  }

  /** Bytes of a lock for so many threads. */
  static size(threads: number): number {
    return 8 * threads;
  }

  // DOC: bakery-acquire
  *acquire(me: number): Code {
    yield mark(MARK.atomic, this.address, BakeryLock.size(this.threads));
    yield mark(MARK.lockWanted, this.address);
    const mine = yield* this.takeTicket(me);
    for (let other = 0; other < this.threads; other++) {
      if (other !== me) yield* this.letGo(other, me, mine);
    }
    yield mark(MARK.lockAcquired, this.address);
  }

  *release(me: number): Code {
    yield mark(MARK.lockReleased, this.address);
    yield store(this.ticket(me), NO_TICKET);
  }

  private *takeTicket(me: number): Code<number> {
    yield store(this.choosing(me), CHOOSING);
    // Others must know that a choice is under way before it looks at their tickets.
    if (this.fences) yield fence();
    let mine = 1;
    for (let other = 0; other < this.threads; other++) {
      mine = Math.max(mine, (yield load(this.ticket(other))) + 1);
    }
    yield store(this.ticket(me), mine);
    yield store(this.choosing(me), 0);
    // And they must see the ticket before it looks whether it may go in.
    if (this.fences) yield fence();
    return mine;
  }

  /** Waits for another thread if that is to go first. */
  private *letGo(other: number, me: number, mine: number): Code {
    if ((yield load(this.choosing(other))) === CHOOSING) {
      // Whoever waits has no reason to hold its stores back. It comes too late to save the looks above.
      yield fence();
      yield spinUntil(this.choosing(other), 0);
    }
    const its = yield load(this.ticket(other));
    if (its === NO_TICKET || its > mine || (its === mine && other > me)) return;
    yield fence();
    yield spinUntilNot(this.ticket(other), its);
    // It may be back already, but then with a larger ticket.
  }

  private choosing(thread: number): number {
    return this.address + 8 * thread;
  }

  private ticket(thread: number): number {
    return this.address + 8 * thread + 4;
  }
}
