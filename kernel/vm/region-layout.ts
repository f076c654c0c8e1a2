/**
 * REGION: a representative of a region, for a group of harts.
 *
 * *Locking:* `inUse` is a counting lock, closed when the region is stopped; `lock` guards `drainers`; `stopped`, for
 * representatives that are made later, is set under the lock of the root; the rest is fixed.
 */
import { OBSERVED } from '../objects/observed.ts';
import { onLine, struct, word, words } from '../struct.ts';
import { GATE } from './gate.ts';

export const REGION = struct({
  class: word,
  root: word,
  base: word,
  pages: word,
  flags: word,
  /** Which page of the FCM is its first one. */
  offset: word,
  fcm: word,
  hat: word,
  /** Nobody may enter any more. */
  stopped: word,

  inUse: onLine(),
  lock: word,
  drainers: words(2),
  gate: words(GATE.SIZE / 4),
  observed: words(OBSERVED.SIZE / 4),
});
