/** How many calls to other domains were refused on a hart: forged, stale or foreign handles, wrong numbers and pointers. */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { HART } from '../hart-local.ts';

const REFUSALS: readonly number[] = Object.freeze([ERROR.EBADF, ERROR.EINVAL, ERROR.EFAULT]);

/** Counts what a call came to, if it was refused; gives it. */
export function* countRefused(result: number): Code<number> {
  if (REFUSALS.includes(result)) yield* countOne();
  return result;
}

/** Counts one. */
export function* countOne(): Code {
  const local = yield csrRead('slocal');
  yield store(local + HART.callsRefused, (yield load(local + HART.callsRefused)) + 1);
}
