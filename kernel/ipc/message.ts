/**
 * Messages: which are allowed, and how the kernel copies them. Each copy says which one of table III it is, when the
 * bytes are there.
 */
import { type Code, csrRead, load, mark, MARK } from '../../hw/isa/index.ts';
import { COPY, type CopyPhase } from '../abi/copies.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT } from '../abi/flags.ts';
import { copyPart } from '../io/copy.ts';
import { PAGE_SIZE } from '../layout.ts';
import { allocate, free } from '../memory/heap.ts';
import { USER_BYTES } from '../memory/layout.ts';
import { THREAD } from '../threads/thread.ts';
import { pin, type Pinned, unpin } from '../vm/pin.ts';
import { walk } from '../vm/walk.ts';

/** Whether a message may lie there: on words, in one page, no longer than messages are. Empty ones may lie anywhere. */
export const isMessage = (address: number, bytes: number): boolean => {
  if (bytes === 0) return true;
  if (bytes < 0 || bytes > LIMIT.MESSAGE || (address & 3) !== 0) return false;
  return (address & (PAGE_SIZE - 1)) + bytes <= PAGE_SIZE;
};

/** Copies between physical addresses, and says so. */
export function* copyMessage(phase: CopyPhase, to: number, from: number, bytes: number): Code {
  if (bytes === 0) return;
  yield* copyPart(to, from, bytes);
  yield mark(MARK.copied, COPY[phase], bytes);
}

/** A message that is held in place, an empty one, or why it is not. */
export type Held = Pinned | { readonly kind: 'nowhere'; readonly physical: number };

/** A message of the thread’s own, held in place; or why not. An empty one is nowhere. */
export function* holdMessage(
  thread: number,
  address: number,
  bytes: number,
  access: 'load' | 'store',
): Code<Held> {
  if (bytes === 0) return NOWHERE;
  return yield* pin(yield load(thread + THREAD.process), address, access);
}

const NOWHERE: Held = Object.freeze({ kind: 'nowhere', physical: 0 });

/** Lets it go. */
export function* letGo(message: Held): Code {
  if (message.kind === 'pinned') yield* unpin(message);
}

/** A kernel buffer with a copy of a message that is held (B); 0 for an empty one, or ENOMEM. */
export function* buffered(message: { readonly physical: number }, bytes: number): Code<number> {
  if (bytes === 0) return 0;
  const buffer = yield* allocate(yield csrRead('slocal'), USER_BYTES + bytes);
  if (buffer === 0) return ERROR.ENOMEM;
  yield* copyMessage('B', buffer + USER_BYTES, message.physical, bytes);
  return buffer;
}

/** Copies a kernel buffer to the thread’s own memory (C) and frees it; gives 0 or EFAULT, ENOMEM, EIO. */
export function* deliver(thread: number, address: number, buffer: number, bytes: number): Code<number> {
  if (buffer === 0) return 0;
  const page = yield* pin(yield load(thread + THREAD.process), address, 'store');
  if (page.kind === 'pinned') {
    yield* copyMessage('C', page.physical, buffer + USER_BYTES, bytes);
    yield* unpin(page);
  }
  yield* free(buffer);
  return page.kind === 'pinned' ? 0 : page.error;
}

/** Where a message of some thread lies, if it is in memory and may be used so just now; 0 if not. */
export function* placeOf(thread: number, address: number, access: 'load' | 'store'): Code<number> {
  return yield* walk(yield csrRead('slocal'), yield load(thread + THREAD.hat), address, access);
}
