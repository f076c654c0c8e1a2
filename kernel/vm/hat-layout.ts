/**
 * HAT: the representative of a process's hardware address translation.
 *
 * *Locking:* `harts` is a set changed by compare-and-swap; `lock` says hat.ts; the rest never changes, and lies on a line
 * of its own, since every fault reads it.
 */
import { onLine, struct, word, words } from '../struct.ts';

/** Groups of harts that can have a root of their own. */
const HAT_GROUPS = 1;

export const HAT = struct({
  class: word,
  root: word,
  asid: word,
  roots: words(HAT_GROUPS),

  lock: onLine(),

  harts: onLine(words(0)),
});
