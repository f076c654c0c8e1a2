/**
 * Idling in a domain's context (LRPC, section 3.4): an idle hart is kept for calls into the domain that ran last on it,
 * since its cache and TLB may still know that domain. A thread that goes there changes places with it (ipc/lrpc/exchange.ts).
 *
 * The hart polls a word of its own. Interrupts are let in at that instruction and nowhere else in the kernel: one ends
 * the poll. Domains are told apart by their `satp`, which is a name here: an idle hart holds nothing of the domain, so a
 * domain that ends has nothing to take back, and a name that another one has got by then only makes a poorer choice.
 *
 * *Locking:* who swaps `idleIn` for 0 has the hart: another one must give it something in `handed` without waiting for
 * anything; the hart itself goes on with what it has to do. `domain` and `counted` are this hart's own.
 */
import {
  type Code,
  compareAndSwap,
  csrRead,
  csrWrite,
  fetchAndAdd,
  load,
  panic,
  spinUntilNot,
  SSTATUS,
  store,
  supervisorReturn,
} from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK } from '../layout.ts';
import { awaitChange } from '../locks/mailbox.ts';
import { PANIC } from '../panics.ts';
import { THREAD } from './thread.ts';

/** What `idleIn` says of a hart on which nothing has run. No `satp` is positive while it translates. */
export const NOWHERE = 1;

// DOC: idle-in-domain
/** Idles until another hart hands a thread over, which it gives, or an interrupt is pending: 0. */
export function* idleInDomain(local: number): Code<number> {
  yield* count(local);
  for (;;) {
    yield store(local + HART.idleSince, yield csrRead('time'));
    yield store(local + HART.idleIn, (yield load(local + HART.domain)) || NOWHERE);
    const handed = (yield* poll(local)) || (yield* withdraw(local));
    if (handed === 0) return 0;
    yield store(local + HART.handed, 0);
    if (handed > 0) {
      // It is the hart that the thread comes from which idles now, and is counted.
      yield store(local + HART.counted, 0);
      return handed;
    }
    yield store(local + HART.domain, handed);
  }
}

function* poll(local: number): Code<number> {
  yield csrWrite('sstatus', SSTATUS.SIE);
  const handed = yield spinUntilNot(local + HART.handed, 0);
  yield csrWrite('sstatus', 0);
  return handed;
}

// DOC: end-poll
/** A trap out of the kernel: an interrupt, which ends a poll with 0, and stays pending. Interrupts are masked again. */
export function* endPoll(): Code {
  if ((yield csrRead('scause')) >= 0) yield panic(PANIC.supervisorTrap);
  yield csrWrite('sstatus', SSTATUS.SPP);
  yield csrWrite('sresult', 0);
  yield supervisorReturn();
}

/** Takes the hart for itself; or, if another one was faster, gives what that hands over. */
function* withdraw(local: number): Code<number> {
  const domain = yield load(local + HART.idleIn);
  if (domain !== 0 && (yield compareAndSwap(local + HART.idleIn, domain, 0)) === domain) return 0;
  yield* awaitChange(local, local + HART.handed, 0);
  return yield load(local + HART.handed);
}

function* count(local: number): Code {
  if ((yield load(local + HART.counted)) !== 0) return;
  yield store(local + HART.counted, 1);
  yield fetchAndAdd(GLOBAL + NODE_BLOCK.idlers, 1);
}

/** The hart is about to run a thread. */
export function* beginWork(local: number): Code {
  if ((yield load(local + HART.counted)) === 0) return;
  yield store(local + HART.counted, 0);
  yield fetchAndAdd(GLOBAL + NODE_BLOCK.idlers, -1);
}

/** A thread has given the hart away, and may be gone when the hart idles. */
export function* noteDomain(local: number): Code {
  // One that changes places has said in which domain this hart is to idle.
  if ((yield load(local + HART.leaving)) < 0) return;
  yield store(local + HART.domain, yield load((yield load(local + HART.current)) + THREAD.satp));
}
