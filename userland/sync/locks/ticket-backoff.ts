/**
 * Works like the ticket lock, except that a waiter looks again only after a delay for each thread before it
 * (Mellor-Crummey & Scott 1991: proportional backoff). The ticket says how long the queue is, so the delay
 * needs no guessing; if critical sections are shorter or longer than that, it waits in vain or looks too often.
 */
import { type Code, load, MARK, mark, pause, work } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { DELAY } from './delay.ts';
import type { LockKind } from './lock.ts';
import { TicketLock } from './ticket.ts';

export class TicketBackoffLock extends TicketLock {
  // DOC: ticket-backoff
  protected override *await(ticket: number): Code {
    yield mark(MARK.atomic, this.serving, 4);
    for (;;) {
      // Tickets wrap, and so does the difference.
      const before = (ticket - (yield load(this.serving))) | 0;
      if (before === 0) return;
      yield pause();
      yield work(DELAY * before);
    }
  }
}

export const ticketBackoffLock: LockKind = {
  id: 'ticket-backoff',
  summary: 'As ticket; a waiter looks again after a delay for each thread before it',
  fifo: true,
  blocking: false,
  size: () => LINE + 4,
  nodeSize: 0,
  at: (address) => new TicketBackoffLock(address),
};
