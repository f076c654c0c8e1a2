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
  /** Of a copy: the address translation of the only process that maps it, and where its page 0 lies or would lie. */
  hat: word,
  origin: word,
  /** Of PLACEMENT, and the node of BIND; of the primary representative (placement.ts). */
  placement: word,
  node: word,

  lock: onLine(),
  tree: word,
  /** Regions that may have its pages mapped (mappers.ts); of the primary representative. */
  mappers: word,
  /** How many of those have gone. */
  mappersGone: word,
  /** Of the primary representative: regions and copies that use it beside the first one, by fetch-and-add. */
  sharers: word,
  /** Of a copy's primary representative: the FCM whose pages it has unless it has its own (0: none, they are zeroes). */
  parent: word,
  /** While the address space is copied: the copies that parent and child get of this FCM; of the primary one. */
  heirs: words(2),
  gate: words(GATE.SIZE / 4),
});
