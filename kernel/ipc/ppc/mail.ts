/**
 * MAIL: a protected procedure call to another hart, or one that nobody waits for. It is put into the list of the hart
 * that is to carry it out, which hears of it by an interrupt; there a worker is made runnable, as any thread is: a remote
 * call costs an interrupt and full context switches.
 *
 * Mail belongs to whoever holds it: the hart's list, the pool's, the worker. A caller that waits shares it: who is last,
 * caller or server, frees it.
 *
 * *Locking:* fixed until it is sent: class … request. `next` by who holds it. `lock` guards state, buffer, reply, status
 * and the queue in which the caller waits.
 */
import { type Code, compareAndSwap, fetchAndAdd, fetchAndStore, load, store } from '../../../hw/isa/index.ts';
import { CLASS } from '../../classes.ts';
import { HART } from '../../hart-local.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { allocate, free } from '../../memory/heap.ts';
import { struct, word, words } from '../../struct.ts';
import { THREAD } from '../../threads/thread.ts';
import { WaitQueue } from '../../threads/wait-queue.ts';
import { lockedWake } from '../../threads/wake.ts';
import { PORT, type PortName } from '../port.ts';

export const MAIL = struct({
  class: word,
  next: word,
  kind: word,
  port: word,
  serial: word,
  procedure: word,
  request: word,
  /** Bytes that the caller has room for, then bytes of the reply. */
  reply: word,
  lock: word,
  state: word,
  /** Kernel copy of the request, then of the reply. */
  buffer: word,
  status: word,
  /** Number of the process that sent it. */
  from: word,
  caller: words(2),
});

export const MAIL_KIND = Object.freeze({
  /** Somebody waits for the reply. */
  call: 0,
  /** Nobody does. */
  send: 1,
  /** The port ends. */
  close: 2,
});

export const MAIL_STATE = Object.freeze({ pending: 0, done: 1, cancelled: 2 });

/** Mail for a port, not sent yet; 0 if there is no memory. */
export function* createMail(local: number, kind: number, port: PortName): Code<number> {
  const mail = yield* allocate(local, MAIL.SIZE);
  if (mail === 0) return 0;
  yield store(mail + MAIL.class, CLASS.mail);
  yield store(mail + MAIL.kind, kind);
  yield store(mail + MAIL.port, port.ref);
  yield store(mail + MAIL.serial, port.serial);
  return mail;
}

/** Puts mail into the list of the hart at `target`. The caller sends it an interrupt, or serves it. */
export function* post(target: number, mail: number): Code {
  let head = yield load(target + HART.mail);
  for (;;) {
    yield store(mail + MAIL.next, head);
    const seen = yield compareAndSwap(target + HART.mail, head, mail);
    if (seen === head) return;
    head = seen;
  }
}

/** Takes everything out of this hart's list; gives the first in the order of sending, linked to the others. */
export function* collect(local: number): Code<number> {
  let mail = yield fetchAndStore(local + HART.mail, 0);
  let first = 0;
  while (mail !== 0) {
    const next = yield load(mail + MAIL.next);
    yield store(mail + MAIL.next, first);
    first = mail;
    mail = next;
  }
  return first;
}

/** Puts mail at the end of a pool's list. */
export function* keep(pool: number, mail: number): Code {
  const last = yield load(pool + PORT.mail + 4);
  yield store(mail + MAIL.next, 0);
  yield store(last === 0 ? pool + PORT.mail : last + MAIL.next, mail);
  yield store(pool + PORT.mail + 4, mail);
}

/** Takes the first mail of a pool, or 0. */
export function* takeKept(pool: number): Code<number> {
  const mail = yield load(pool + PORT.mail);
  if (mail === 0) return 0;
  const next = yield load(mail + MAIL.next);
  yield store(pool + PORT.mail, next);
  if (next === 0) yield store(pool + PORT.mail + 4, 0);
  return mail;
}

/** What a call by mail comes to. */
export interface Answer {
  /** 0, or the error that the caller gets. */
  readonly error: number;
  readonly status: number;
  /** Kernel copy of the reply, and its bytes. */
  readonly buffer: number;
  readonly bytes: number;
}

/** Ends mail with an error. */
export function* failMail(mail: number, error: number): Code {
  const buffer = yield load(mail + MAIL.buffer);
  yield store(mail + MAIL.buffer, 0);
  if (buffer !== 0) yield* free(buffer);
  yield* answerMail(mail, { error, status: 0, buffer: 0, bytes: 0 });
}

// DOC: answer-mail
/** Ends mail: the caller is woken, if there is one that has not given up. */
export function* answerMail(mail: number, { error, status, buffer, bytes }: Answer): Code {
  if ((yield load(mail + MAIL.kind)) !== MAIL_KIND.call) {
    if (buffer !== 0) yield* free(buffer);
    yield* free(mail);
    return;
  }
  yield* acquire(mail + MAIL.lock);
  const pending = (yield load(mail + MAIL.state)) === MAIL_STATE.pending;
  if (pending) {
    yield store(mail + MAIL.state, MAIL_STATE.done);
    yield store(mail + MAIL.status, status);
    yield store(mail + MAIL.buffer, buffer);
    yield store(mail + MAIL.reply, bytes);
    const queue = new WaitQueue(mail + MAIL.caller);
    const caller = yield* queue.lockedFirst();
    if (caller !== 0) yield* lockedWake(queue, caller, error);
  }
  yield* release(mail + MAIL.lock);
  if (pending) return;
  if (buffer !== 0) yield* free(buffer);
  yield* free(mail);
}

/** A worker takes mail: its request is the worker's from now on. */
export function* takeMail(worker: number, pool: number, mail: number): Code {
  yield store(worker + THREAD.serving, 0);
  yield store(worker + THREAD.servingMail, mail);
  yield store(worker + THREAD.servingPort, pool);
  yield store(worker + THREAD.servingProcedure, yield load(mail + MAIL.procedure));
  yield store(worker + THREAD.servingRequest, yield load(mail + MAIL.request));
  yield store(worker + THREAD.servingBuffer, yield load(mail + MAIL.buffer));
  yield store(worker + THREAD.servingFor, yield load(mail + MAIL.from));
  yield store(mail + MAIL.buffer, 0);
  yield* countOff(pool, mail);
}

/** Mail that nobody waits for is on its way no more. */
export function* countOff(pool: number, mail: number): Code {
  if ((yield load(mail + MAIL.kind)) === MAIL_KIND.send) yield fetchAndAdd(pool + PORT.pending, -1);
}
