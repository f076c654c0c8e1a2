/**
 * Interrupts: of a thread in user mode by trap, of an idle hart by wfi; served the same way.
 *
 * The software interrupt says "look": at the mailbox, at calls from other harts, at the run queue, at the
 * dying flag. It is
 * cleared before the look, so that one that comes later is not lost.
 */
import { type Code, csrRead, csrWrite, INTERRUPT, step } from '../../hw/isa/index.ts';
import { serveDevices } from '../io/devices.ts';
import { serveMail } from '../ipc/ppc/serve-mail.ts';
import { serveMailbox } from '../locks/mailbox.ts';
import { STEP } from '../steps.ts';
import { expireTimers } from '../threads/timers.ts';
import { restore, save } from './return.ts';

/** Handles an interrupt of a thread in user mode. */
export function* handleInterrupt(thread: number): Code {
  yield* save(thread);
  yield* serviceInterrupts(yield csrRead('slocal'));
  yield* restore(thread);
}

/** Serves every interrupt that is pending on this hart. */
export function* serviceInterrupts(local: number): Code {
  const pending = yield csrRead('sip');
  if ((pending & INTERRUPT.software) !== 0) {
    yield csrWrite('sip', 0);
    yield* serveMailbox(local);
    yield* step(STEP.ppcMail, local, serveMail(local, true));
  }
  if ((pending & INTERRUPT.timer) !== 0) yield* expireTimers(local);
  if ((pending & INTERRUPT.external) !== 0) yield* serveDevices();
}
