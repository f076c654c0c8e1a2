/**
 * Checked copies between user and kernel memory: each page of the user's range is pinned while it is copied,
 * so a bad pointer gives EFAULT and a page that is not there is brought in.
 */
import { type Code, load, load8, store, store8 } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PAGE_SIZE } from '../layout.ts';
import { THREAD } from '../threads/thread.ts';
import { pin, unpin } from '../vm/pin.ts';

// DOC: copy-in
/** Copies `length` bytes from user memory. Both addresses must be equal modulo 4. Gives 0 or an error. */
export function* copyIn(thread: number, to: number, from: number, length: number): Code<number> {
  const process = yield load(thread + THREAD.process);
  for (let done = 0; done < length; ) {
    const part = Math.min(length - done, PAGE_SIZE - ((from + done) & (PAGE_SIZE - 1)));
    const page = yield* pin(process, (from + done) | 0, 'load');
    if (page.kind === 'refused') return page.error;
    yield* copyPart(to + done, page.physical, part);
    yield* unpin(page);
    done += part;
  }
  return 0;
}

/** Copies between physical addresses that are equal modulo 4. */
export function* copyPart(to: number, from: number, length: number): Code {
  let offset = 0;
  while (offset < length) {
    if (((from + offset) & 3) === 0 && length - offset >= 4) {
      yield store(to + offset, yield load(from + offset));
      offset += 4;
    } else {
      yield store8(to + offset, yield load8(from + offset));
      offset += 1;
    }
  }
}

/** A word of user memory, or why it cannot be read. */
export function* copyInWord(thread: number, address: number): Code<{ error: number; value: number }> {
  if ((address & 3) !== 0) return { error: ERROR.EFAULT, value: 0 };
  const page = yield* pin(yield load(thread + THREAD.process), address, 'load');
  if (page.kind === 'refused') return { error: page.error, value: 0 };
  const value = yield load(page.physical);
  yield* unpin(page);
  return { error: 0, value };
}

/** Whether a word can be stored for the user; gives 0 or an error. */
export function* probeWord(thread: number, address: number): Code<number> {
  if ((address & 3) !== 0) return ERROR.EFAULT;
  const page = yield* pin(yield load(thread + THREAD.process), address, 'store');
  if (page.kind === 'refused') return page.error;
  yield* unpin(page);
  return 0;
}

/** Stores a word to user memory; gives 0 or an error. */
export function* copyOutWord(thread: number, address: number, value: number): Code<number> {
  if ((address & 3) !== 0) return ERROR.EFAULT;
  const page = yield* pin(yield load(thread + THREAD.process), address, 'store');
  if (page.kind === 'refused') return page.error;
  yield store(page.physical, value);
  yield* unpin(page);
  return 0;
}
