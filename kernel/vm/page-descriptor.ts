/**
 * PAGE: what an FCM knows of one page that is resident, or that it has written out to swap.
 *
 * *Locking:* the FCM's lock guards `state` and `waiters`, and is held where `pins` rises. `mappings`, and `pins` where it
 * falls, by fetch-and-add. The rest belongs to whoever has made the page busy or leaving; whoever has it pinned may set
 * `dirty`.
 */
import { type Code, fetchAndAdd } from '../../hw/isa/index.ts';
import { struct, word, words } from '../struct.ts';

export const PAGE = struct({
  class: word,
  /** Which page of the FCM. */
  index: word,
  frame: word,
  state: word,
  /** Page-table entries that point to the frame. */
  mappings: word,
  /** Written through the kernel or a mapping that is gone: memory differs from what backs the page. */
  dirty: word,
  /** Threads that wait until the page is filled, or has been written out. */
  waiters: words(2),
  /** Who needs the page to stay where it is: from the look for it until it is mapped, or copied to. */
  pins: word,
  /** Set when the page is brought in; the clock hand takes it away (clock.ts). */
  fresh: word,
  /** Its slot of swap plus 1, or 0. */
  slot: word,
});

export const PAGE_STATE = Object.freeze({
  /** Being filled by the thread that made it; under DMA perhaps. Others wait. */
  busy: 0,
  valid: 1,
  /** It has no frame, its content is in swap. */
  out: 2,
  /** On its way out, under DMA perhaps. Others wait. */
  leaving: 3,
});

/** Lets a page go that `getPage` has given. */
export function* unpinPage(page: number): Code {
  yield fetchAndAdd(page + PAGE.pins, -1);
}
