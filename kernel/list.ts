/**
 * Singly linked lists in emulated memory: a word that points to the first item, and in each item, at offset `next`, a
 * word that points to the one after it.
 *
 * *Locking:* the list's owner has one.
 */
import { type Code, load, store } from '../hw/isa/index.ts';

/** Puts an item at the head. */
export function* lockedPush(head: number, next: number, item: number): Code {
  yield store(item + next, yield load(head));
  yield store(head, item);
}

/** Takes an item out; gives whether it was in the list. */
export function* lockedTakeOut(head: number, next: number, item: number): Code<boolean> {
  let slot = head;
  let at = yield load(slot);
  while (at !== 0 && at !== item) {
    slot = at + next;
    at = yield load(slot);
  }
  if (at !== 0) yield store(slot, yield load(item + next));
  return at !== 0;
}
