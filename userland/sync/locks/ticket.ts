/**
 * The ticket lock (Reed & Kanodia 1979; Mellor-Crummey & Scott 1991, algorithm 2): two counters, the next ticket
 * and the one that is served.
 *
 * One read-modify-write takes a ticket; all waiters then look at one word, so a release makes n of them miss
 * although only one can go on. First come, first served, as long as fewer than 2^32 wait: tickets wrap.
 */
import { type Code, fetchAndAdd, load, MARK, mark, spinUntil, store } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import type { Lock, LockKind } from './lock.ts';

export class TicketLock implements Lock {
  private readonly next: number;

  constructor(address: number) {
    this.next = address;
  }

  // DOC: ticket-acquire
  *acquire(): Code {
    yield mark(MARK.lockWanted, this.next);
    const ticket = yield fetchAndAdd(this.next, 1);
    yield* this.await(ticket);
    yield mark(MARK.lockAcquired, this.next);
  }

  // DOC: ticket-release
  *release(): Code {
    yield mark(MARK.lockReleased, this.next);
    // Only the holder writes it: a load and a store will do.
    yield store(this.serving, (yield load(this.serving)) + 1);
  }

  protected *await(ticket: number): Code {
    yield spinUntil(this.serving, ticket);
  }

  /** The ticket that is served: in a line of its own, so that whoever takes a ticket does not disturb waiters. */
  protected get serving(): number {
    return this.next + LINE;
  }
}

export const ticketLock: LockKind = {
  id: 'ticket',
  summary: 'A ticket for each, and all look which one is served; first come, first served',
  fifo: true,
  blocking: false,
  size: () => LINE + 4,
  nodeSize: 0,
  at: (address) => new TicketLock(address),
};
