/**
 * Objects of the kernel behind locks and barriers: a word of memory holds the handle. It is zero at first, as all words
 * of locks and barriers are; whoever needs the object first makes it.
 */
import { type Code, compareAndSwap, load } from '../../hw/isa/index.ts';
import { type SyscallName } from '../../kernel/abi/index.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { syncDestroy } from '../runtime/sync-calls.ts';

// DOC: handle-in
/**
 * The handle in a word, made by `create`, a system call, if there is none yet.
 * @throws SystemCallError when it cannot be made
 */
export function* handleIn(word: number, call: SyscallName, create: () => Code<number>): Code<number> {
  const handle = yield load(word);
  if (handle !== 0) return handle;
  const made = orThrow(call, yield* create());
  const seen = yield compareAndSwap(word, 0, made);
  if (seen === 0) return made;
  // Another thread was faster: all must use one.
  orThrow('syncDestroy', yield* syncDestroy(made));
  return seen;
}
