/**
 * COUNTER: a representative of a counter object.
 *
 * *Locking:* the fixed part is written before anybody knows the object. `value` of a part by fetch-and-add; of a copy
 * under the lock of the root; what the policy observes is written without a lock, since it may be inexact.
 */
import { OBSERVED } from '../objects/observed.ts';
import { onLine, struct, word, words } from '../struct.ts';

export const COUNTER = struct({
  class: word,
  root: word,
  /** What user programs know the object by. */
  handle: word,
  /** Number of the process that it belongs to. */
  owner: word,

  value: onLine(),
  /** What the policy observes: uses lately, and how many of them were reads. */
  observed: words(OBSERVED.SIZE / 4),
  reads: word,
});

/** How many bytes further representatives copy: of parts all but the value, of copies the value, too. */
export const FIXED_OF_PART = COUNTER.value;
export const FIXED_OF_COPY = COUNTER.value + 4;
