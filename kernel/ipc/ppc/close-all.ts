/**
 * The end of a port of protected procedure calls, as whoever closes it begins it: each hart hears of it by mail, since
 * only it may touch its pool.
 *
 * *Locking:* see mail.ts.
 */
import { type Code, csrRead, load, store } from '../../../hw/isa/index.ts';
import { HART } from '../../hart-local.ts';
import { free } from '../../memory/heap.ts';
import { Root } from '../../objects/root.ts';
import { PORT, withdrawPort } from '../port.ts';
import { createMail, MAIL, MAIL_KIND } from './mail.ts';
import { sendMail } from './remote.ts';

/** Mail to say so to every hart, linked; 0 if there is no memory. It is made before the port is touched. */
export function* prepareClose(pool: number): Code<number> {
  const local = yield csrRead('slocal');
  const name = { ref: yield load(pool + PORT.ref), serial: yield load(pool + PORT.serial) };
  let first = 0;
  for (let hart = yield load(local + HART.harts); hart > 0; hart -= 1) {
    const mail = yield* createMail(local, MAIL_KIND.close, name);
    if (mail === 0) {
      yield* discard(first);
      return 0;
    }
    yield store(mail + MAIL.next, first);
    first = mail;
  }
  return first;
}

/** Frees mail that was not sent. */
export function* discard(first: number): Code {
  for (let mail = first; mail !== 0; ) {
    const next = yield load(mail + MAIL.next);
    yield* free(mail);
    mail = next;
  }
}

// DOC: ppc-close
/** Ends a port on all harts; returns when it is said to all of them, not when all have heard. */
export function* closePools(pool: number, mails: number): Code {
  const local = yield csrRead('slocal');
  const primary = yield* new Root(yield load(pool + PORT.root)).primary();
  yield* withdrawPort(primary);
  yield store(primary + PORT.closing, yield load(local + HART.harts));
  let mail = mails;
  for (let hart = 0; mail !== 0; hart += 1) {
    const next = yield load(mail + MAIL.next);
    yield* sendMail(local, mail, hart);
    mail = next;
  }
}
