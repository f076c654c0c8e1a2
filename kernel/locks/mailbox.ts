/**
 * The mailbox of a hart: a ring of requests to drop TLB entries, or to change a word of its representative of an object.
 *
 * An initiator draws a ticket from `requested` when its slot is free, fills the slot and sets its
 * `ready` word to ticket + 1; the owner answers in order and counts `completed`. The owner serves the mailbox
 * on a software interrupt, and wherever it spins in the kernel with interrupts masked, so that two
 * initiators, or a lock holder and its target, never wait for each other for ever.
 */
import {
  type Code,
  compareAndSwap,
  fenceTranslations,
  load,
  spinUntil,
  spinUntilAny,
  store,
} from '../../hw/isa/index.ts';
import { HART, MAILBOX_SLOT, MAILBOX_SLOTS } from '../hart-local.ts';

/** In the place of an address space: `amount` is to be added to the word at the address, which only this hart changes. */
export const ADD_TO_WORD = -1;

/** A request for more pages than this drops the whole address space. */
const PAGES_ONE_BY_ONE = 16;

const slotOf = (local: number, ticket: number): number =>
  local + HART.mailboxSlots + (ticket & (MAILBOX_SLOTS - 1)) * MAILBOX_SLOT.SIZE;

/** Drops this hart's TLB entries for `pages` pages from `address` (0 pages: all) of an address space. */
export function* dropTranslations(asid: number, address: number, pages: number): Code {
  if (pages === 0 || pages > PAGES_ONE_BY_ONE) {
    yield fenceTranslations(-1, asid);
    return;
  }
  for (let page = 0; page < pages; page += 1) yield fenceTranslations(address + 4096 * page, asid);
}

/** Adds to a word that nobody else changes meanwhile. */
export function* addToWord(address: number, amount: number): Code {
  yield store(address, ((yield load(address)) + amount) | 0);
}

/** Answers every request that waits in this hart's mailbox. */
export function* serveMailbox(local: number): Code {
  let completed = yield load(local + HART.mailboxCompleted);
  while (completed !== (yield load(local + HART.mailboxRequested))) {
    const slot = slotOf(local, completed);
    const next = (completed + 1) | 0;
    yield spinUntil(slot + MAILBOX_SLOT.ready, next);
    const what = yield load(slot + MAILBOX_SLOT.what);
    const address = yield load(slot + MAILBOX_SLOT.address);
    const amount = yield load(slot + MAILBOX_SLOT.amount);
    if (what === ADD_TO_WORD) yield* addToWord(address, amount);
    else yield* dropTranslations(what, address, amount);
    completed = next;
    yield store(local + HART.mailboxCompleted, completed);
  }
}

// DOC: await-change
/** Spins until the word at `address` differs from `value`, serving this hart's mailbox meanwhile. */
export function* awaitChange(local: number, address: number, value: number): Code {
  for (;;) {
    const completed = yield load(local + HART.mailboxCompleted);
    if ((yield spinUntilAny(address, value, local + HART.mailboxRequested, completed)) === 0) return;
    yield* serveMailbox(local);
  }
}

/**
 * Puts a request into the mailbox of the hart at `target`, which must be sent an interrupt afterwards. `what` is the
 * address space of which `amount` pages from `address` on are to be dropped, or ADD_TO_WORD. A ticket is drawn only when its slot is free: whoever has drawn one fills the slot without waiting for anybody.
 */
export function* postRequest(
  local: number,
  target: number,
  what: number,
  address: number,
  amount: number,
): Code {
  const ticket = yield* drawTicket(local, target);
  const slot = slotOf(target, ticket);
  yield store(slot + MAILBOX_SLOT.what, what);
  yield store(slot + MAILBOX_SLOT.address, address);
  yield store(slot + MAILBOX_SLOT.amount, amount);
  yield store(slot + MAILBOX_SLOT.ready, (ticket + 1) | 0);
}

function* drawTicket(local: number, target: number): Code<number> {
  for (;;) {
    const completed = yield load(target + HART.mailboxCompleted);
    const ticket = yield load(target + HART.mailboxRequested);
    if (((ticket - completed) | 0) >= MAILBOX_SLOTS)
      yield* awaitChange(local, target + HART.mailboxCompleted, completed);
    else if ((yield compareAndSwap(target + HART.mailboxRequested, ticket, (ticket + 1) | 0)) === ticket)
      return ticket;
  }
}

/** Waits until the hart at `target` has answered all that had been requested of it when this began. */
export function* awaitAnswers(local: number, target: number): Code {
  const goal = yield load(target + HART.mailboxRequested);
  for (;;) {
    const completed = yield load(target + HART.mailboxCompleted);
    if (((completed - goal) | 0) >= 0) return;
    yield* awaitChange(local, target + HART.mailboxCompleted, completed);
  }
}
