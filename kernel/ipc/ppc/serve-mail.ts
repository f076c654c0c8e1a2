/**
 * What a hart does when mail has come: it gives each call to an idle worker, which is made runnable, or keeps it until
 * one is idle; and it ends its part of ports that are closed.
 *
 * *Locking:* see mail.ts, pool.ts.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { HART } from '../../hart-local.ts';
import { enterGeneration, leaveGeneration } from '../../objects/generations.ts';
import { THREAD } from '../../threads/thread.ts';
import { enqueue } from '../../threads/wake.ts';
import { portAt } from '../right.ts';
import { closePool } from './close.ts';
import { collect, countOff, failMail, keep, MAIL, MAIL_KIND, takeMail } from './mail.ts';
import { claimWorker, ownPool } from './pool.ts';

// DOC: serve-mail
/**
 * Serves all mail of this hart, in a dispatcher or on a thread's kernel context. Does not block. `atOnce`: whoever runs
 * gives way to the workers, as calls that others wait for demand.
 */
export function* serveMail(local: number, atOnce: boolean): Code {
  if ((yield load(local + HART.mail)) === 0) return;
  yield* enterGeneration(local, local + HART.mailGeneration);
  for (let mail = yield* collect(local); mail !== 0; ) {
    const next = yield load(mail + MAIL.next);
    yield* serveOne(local, mail);
    mail = next;
  }
  yield* leaveGeneration(local, local + HART.mailGeneration);
  if (atOnce) yield store(local + HART.needReschedule, 1);
}

function* serveOne(local: number, mail: number): Code {
  const pool = yield* portAt(yield load(mail + MAIL.port), yield load(mail + MAIL.serial));
  if ((yield load(mail + MAIL.kind)) === MAIL_KIND.close) {
    if (pool !== 0) yield* closePool(local, pool);
    yield* failMail(mail, ERROR.ECALLFAILED);
    return;
  }
  if (pool === 0) {
    yield* failMail(mail, ERROR.ECALLFAILED);
    return;
  }
  const owned = yield* ownPool(pool);
  const worker = owned === 0 ? yield* claimWorker(pool, yield load(mail + MAIL.request)) : owned;
  if (worker > 0) {
    yield* takeMail(worker, pool, mail);
    yield store(worker + THREAD.wakeResult, 0);
    yield* enqueue(worker);
  } else if (worker === 0) yield* keep(pool, mail);
  else {
    yield* countOff(pool, mail);
    yield* failMail(mail, worker);
  }
}
