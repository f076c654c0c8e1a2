/**
 * FCM: a representative of a file cache manager, which is one part of it.
 *
 * *Locking:* the first fields are fixed; what `lock` guards says fcm.ts; `lock` of the primary representative guards
 * `mappers…`; `gate` see locking.ts.
 */
import { onLine, struct, word, words } from '../struct.ts';
import { GATE } from './gate.ts';

export const FCM = struct({
  class: word,
  root: word,
  /** Pages of the region, resident or not. */
  pages: word,
  /** Levels of a part's tree. */
  height: word,
  cor: word,
  parts: word,

  lock: onLine(),
  tree: word,
  /** Regions that may have its pages mapped (mappers.ts); of the primary representative. */
  mappers: word,
  /** How many of those have gone. */
  mappersGone: word,
  /** Regions that use it beside the first one, by fetch-and-add; of the primary representative. */
  sharers: word,
  gate: words(GATE.SIZE / 4),
});
