/**
 * The way back from a protected procedure call: the worker leaves the reply in the caller's memory and gives it the hart
 * back. To a caller on another hart the reply goes by mail.
 *
 * *Locking:* see pool.ts, mail.ts.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { PORT_KIND } from '../../abi/flags.ts';
import { free } from '../../memory/heap.ts';
import { THREAD } from '../../threads/thread.ts';
import { buffered, copyMessage, holdMessage, letGo, placeOf } from '../message.ts';
import { PORT } from '../port.ts';
import { lockedDetach, type Replied, type Reply } from '../reply.ts';
import { answerMail, MAIL } from './mail.ts';

// DOC: ppc-return
/** Replies to the call that a worker carries out. ESRCH: there is none, or the caller has gone. */
export function* returnCall(thread: number, said: Reply): Code<Replied> {
  if ((yield load(thread + THREAD.servingMail)) !== 0)
    return { error: yield* returnMail(thread, said), client: 0 };
  const pool = yield load(thread + THREAD.servingPort);
  let client = yield load(thread + THREAD.serving);
  if (client !== 0 && (yield load(pool + PORT.kind)) !== PORT_KIND.PPC) client = 0;
  if (client === 0) return { error: ERROR.ESRCH, client };
  const from = said.bytes === 0 ? 0 : yield* placeOf(thread, said.address, 'load');
  let to = said.bytes === 0 ? 0 : yield* placeOf(client, yield load(client + THREAD.callReplyAt), 'store');
  let copy = 0;
  if (said.bytes > 0 && (from === 0 || to === 0)) {
    to = 0;
    copy = yield* copyOf(thread, said);
    if (copy < 0) return { error: copy, client: 0 };
  }
  // Meanwhile the thread may have waited, and the caller may have been killed.
  client = yield* lockedDetach(thread, pool);
  if (client === 0) {
    if (copy !== 0) yield* free(copy);
    return { error: ERROR.ESRCH, client };
  }
  const fits = said.bytes <= (yield load(client + THREAD.callReply));
  if (fits && to !== 0) yield* copyMessage('D', to, from, said.bytes);
  if (!fits && copy !== 0) yield* free(copy);
  yield store(client + THREAD.callBuffer, fits ? copy : 0);
  yield store(client + THREAD.callReply, said.bytes);
  yield store(client + THREAD.callStatus, said.status);
  yield store(client + THREAD.wakeResult, fits ? 0 : ERROR.EMSGSIZE);
  return { error: 0, client };
}

/** A kernel copy of a reply; or EFAULT, ENOMEM, EIO. */
function* copyOf(thread: number, { address, bytes }: Reply): Code<number> {
  const message = yield* holdMessage(thread, address, bytes, 'load');
  if (message.kind === 'refused') return message.error;
  const copy = yield* buffered(message, bytes);
  yield* letGo(message);
  return copy;
}

/** Replies to a call from another hart; gives 0 or an error. */
function* returnMail(thread: number, said: Reply): Code<number> {
  const copy = said.bytes === 0 ? 0 : yield* copyOf(thread, said);
  if (copy < 0) return copy;
  const mail = yield load(thread + THREAD.servingMail);
  yield store(thread + THREAD.servingMail, 0);
  const fits = said.bytes <= (yield load(mail + MAIL.reply));
  if (!fits && copy !== 0) yield* free(copy);
  yield* answerMail(mail, {
    error: fits ? 0 : ERROR.EMSGSIZE,
    status: said.status,
    buffer: fits ? copy : 0,
    bytes: said.bytes,
  });
  return 0;
}
