/**
 * HAT: the representative of a process's hardware address translation.
 *
 * *Locking:* `harts` is a set changed by compare-and-swap; the rest never changes. What `lock` guards says hat.ts.
 */
import { struct, word, words } from '../struct.ts';

/** Groups of harts that can have a root of their own. */
const HAT_GROUPS = 1;

export const HAT = struct({
  class: word,
  root: word,
  lock: word,
  asid: word,
  roots: words(HAT_GROUPS),
  harts: words(0),
});
