/**
 * Protected procedure calls to other harts, and calls that nobody waits for (asynchronous; to one's own hart: deferred,
 * since a worker takes them when the caller has given the hart up).
 *
 * *Locking:* see mail.ts, pool.ts.
 */
import {
  type Code,
  csrRead,
  fence,
  fetchAndAdd,
  load,
  sendInterrupt,
  step,
  store,
} from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { HART, localOf } from '../../hart-local.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { free } from '../../memory/heap.ts';
import { Root } from '../../objects/root.ts';
import { STEP } from '../../steps.ts';
import { lockedPrepareWait, wait } from '../../threads/block.ts';
import { THREAD, WAIT } from '../../threads/thread.ts';
import { armTimeout } from '../../threads/timers.ts';
import { type Call, domainOf } from '../call.ts';
import { buffered, deliver, holdMessage, letGo } from '../message.ts';
import { PORT } from '../port.ts';
import { countOff, createMail, failMail, MAIL, MAIL_KIND, MAIL_STATE, post } from './mail.ts';
import { serveMail } from './serve-mail.ts';

/** Asynchronous calls that may be on their way to one hart’s workers. */
const MOST_PENDING = 64;

/** Mail with a request, or an error. */
function* write(thread: number, pool: number, kind: number, call: Call): Code<number> {
  const local = yield csrRead('slocal');
  const message = yield* holdMessage(thread, call.address, call.request, 'load');
  if (message.kind === 'refused') return message.error;
  const buffer = yield* buffered(message, call.request);
  yield* letGo(message);
  if (buffer < 0) return buffer;
  const name = { ref: yield load(pool + PORT.ref), serial: yield load(pool + PORT.serial) };
  const mail = yield* createMail(local, kind, name);
  if (mail === 0) {
    if (buffer !== 0) yield* free(buffer);
    return ERROR.ENOMEM;
  }
  yield store(mail + MAIL.from, yield* domainOf(thread));
  yield store(mail + MAIL.procedure, call.procedure);
  yield store(mail + MAIL.request, call.request);
  yield store(mail + MAIL.reply, call.reply);
  yield store(mail + MAIL.buffer, buffer);
  return mail;
}

/** Sends mail to a hart, which may be this one. */
export function* sendMail(local: number, mail: number, hart: number): Code {
  yield* post(yield* localOf(local, hart), mail);
  yield fence();
  if (hart === (yield load(local + HART.hart))) yield* step(STEP.ppcMail, local, serveMail(local, false));
  else yield sendInterrupt(hart);
}

// DOC: ppc-remote
/** Calls a worker of another hart; gives what it says, or an error. */
export function* callRemote(thread: number, pool: number, call: Call, hart: number): Code<number> {
  const local = yield csrRead('slocal');
  const mail = yield* write(thread, pool, MAIL_KIND.call, call);
  if (mail < 0) return mail;
  const lock = mail + MAIL.lock;
  yield store(thread + THREAD.callMail, mail);
  // In the queue before the mail is sent: it may be answered at once.
  yield* acquire(lock);
  yield* lockedPrepareWait(thread, mail + MAIL.caller, WAIT.protectedReply, call.procedure);
  if (call.timeout > 0) yield* armTimeout(local, thread, call.timeout);
  yield* release(lock);
  yield* sendMail(local, mail, hart);
  const result = yield* wait(thread, lock);
  yield store(thread + THREAD.callMail, 0);
  yield* acquire(lock);
  const done = (yield load(mail + MAIL.state)) === MAIL_STATE.done;
  if (!done) yield store(mail + MAIL.state, MAIL_STATE.cancelled);
  yield* release(lock);
  return done ? yield* open(thread, mail, result, call.replyAt) : result;
}

/** Takes the reply out of mail that has come back, and frees it. */
function* open(thread: number, mail: number, result: number, replyAt: number): Code<number> {
  const buffer = yield load(mail + MAIL.buffer);
  const bytes = yield load(mail + MAIL.reply);
  const status = yield load(mail + MAIL.status);
  yield* free(mail);
  if (result !== 0) {
    if (buffer !== 0) yield* free(buffer);
    return result;
  }
  const failure = yield* deliver(thread, replyAt, buffer, bytes);
  return failure !== 0 ? failure : status;
}

// DOC: ppc-send
/** Sends a call to a hart that nobody waits for; gives 0, or EAGAIN if too many are on their way there. */
export function* sendCall(thread: number, pool: number, call: Call, hart: number): Code<number> {
  const local = yield csrRead('slocal');
  const mail = yield* write(thread, pool, MAIL_KIND.send, call);
  if (mail < 0) return mail;
  const there = yield* new Root(yield load(pool + PORT.root)).repFor(local, hart);
  if ((yield fetchAndAdd(there + PORT.pending, 1)) >= MOST_PENDING) {
    yield* countOff(there, mail);
    yield* failMail(mail, ERROR.EAGAIN);
    return ERROR.EAGAIN;
  }
  yield* sendMail(local, mail, hart);
  return 0;
}
