/**
 * Counting lock: keeps a thing in existence, and keeps nobody out. Whoever uses the thing counts itself in and out;
 * whoever wants to destroy it closes the count, so that nobody comes in any more, and destroys it when the last one
 * has left. That is how an ancestor is held while a descendant is in use, without a lock on it.
 *
 * One word: how many are inside, and CLOSED. It is changed by atomic instructions only, so that exactly one leaver (or
 * the closer) learns that it is the last. A holder may block, since it keeps nobody waiting but the destroyer.
 *
 * Used for: regions (each representative counts the faults and copies of its harts), processes (the same of all their
 * regions: closed for a moment by a migration, for good by the end).
 */
import { type Code, compareAndSwap, fetchAndAdd, load, panic } from '../../hw/isa/index.ts';
import { PANIC } from '../panics.ts';

/** Set once nobody may come in. */
const CLOSED = 1 << 30;

/** Comes in; gives false if the count is closed. */
export function* enterCounted(count: number): Code<boolean> {
  let old = yield load(count);
  while ((old & CLOSED) === 0) {
    const seen = yield compareAndSwap(count, old, old + 1);
    if (seen === old) return true;
    old = seen;
  }
  return false;
}

/** Leaves; gives true if the count is closed and this was the last one, who then must see to the end. */
export function* leaveCounted(count: number): Code<boolean> {
  const old = yield fetchAndAdd(count, -1);
  if ((old & ~CLOSED) <= 0) yield panic(PANIC.negativeCount);
  return old === CLOSED + 1;
}

/** How many are inside, of the word of a count. */
export const insideOf = (count: number): number => (count & ~CLOSED) >>> 0;

/** Whether the word of a count says that nobody may come in. */
export const isClosed = (count: number): boolean => (count & CLOSED) !== 0;

/** Lets people in again after `closeCounted`. */
export function* reopenCounted(count: number): Code {
  yield fetchAndAdd(count, -CLOSED);
}

// DOC: close-counted
/** Lets nobody in any more; gives true if nobody is inside. To be called once. */
export function* closeCounted(count: number): Code<boolean> {
  const old = yield fetchAndAdd(count, CLOSED);
  if ((old & CLOSED) !== 0) yield panic(PANIC.destroyedTwice);
  return old === 0;
}
