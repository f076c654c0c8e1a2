/** What a thread leaves behind, at ports, when it ends or goes to another hart. */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PORT_KIND } from '../abi/flags.ts';
import { free } from '../memory/heap.ts';
import { THREAD } from '../threads/thread.ts';
import { PORT } from './port.ts';
import { resign } from './ppc/close.ts';
import { failServed } from './ppc/worker.ts';

/** A thread ends: the call that it carries out fails, and it is no worker any more. */
export function* abandonCalls(thread: number): Code {
  yield* failServed(thread, ERROR.ECALLFAILED);
  const buffer = yield load(thread + THREAD.servingBuffer);
  if (buffer !== 0) {
    yield store(thread + THREAD.servingBuffer, 0);
    yield* free(buffer);
  }
  yield* resign(thread);
}

/** Whether a thread must stay on its hart: it carries a protected call out. If not, it is no worker of this hart any more. */
export function* mustStay(thread: number): Code<boolean> {
  if ((yield load(thread + THREAD.servingMail)) !== 0) return true;
  if ((yield load(thread + THREAD.serving)) !== 0) {
    const port = yield load(thread + THREAD.servingPort);
    if ((yield load(port + PORT.kind)) === PORT_KIND.PPC) return true;
  }
  yield* resign(thread);
  return false;
}
