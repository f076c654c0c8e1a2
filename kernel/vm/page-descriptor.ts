/**
 * PAGE: what an FCM knows of one resident page.
 *
 * *Locking:* the FCM's lock guards `state` and `waiters`; `mappings` by fetch-and-add; `dirty` is only ever
 * set; the rest never changes after the page was filled.
 */
import { struct, word, words } from '../struct.ts';

export const PAGE = struct({
  class: word,
  /** Which page of the FCM. */
  index: word,
  frame: word,
  state: word,
  /** Page-table entries that point to the frame. */
  mappings: word,
  /** Written through the kernel or a mapping that is gone: memory differs from the disk. */
  dirty: word,
  /** Threads that wait until the page is filled. */
  waiters: words(2),
});

export const PAGE_STATE = Object.freeze({
  /** Being filled by the thread that made it; under DMA perhaps. Others wait. */
  busy: 0,
  valid: 1,
});
