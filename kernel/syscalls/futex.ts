/** System calls about futexes: futexWait, futexWake. */
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { THREAD } from '../threads/thread.ts';
import { futexWait as waitOn, futexWake as wakeOn } from '../threads/futex.ts';
import { pin, unpin } from '../vm/pin.ts';
import { isTimeout } from './timeout.ts';

/** futexWait(address, expected, timeout) */
export function* futexWait(thread: number, address: number, expected: number, timeout: number): Code<number> {
  if ((address & 3) !== 0 || !isTimeout(timeout)) return ERROR.EINVAL;
  return yield* waitOn(thread, address, expected, timeout);
}

/** futexWake(address, count) */
export function* futexWake(thread: number, address: number, count: number): Code<number> {
  if ((address & 3) !== 0 || count < 0) return ERROR.EINVAL;
  const process = yield load(thread + THREAD.process);
  const page = yield* pin(process, address, 'load');
  if (page.kind === 'refused') return page.error;
  yield* unpin(page);
  return yield* wakeOn(process, address, count);
}
