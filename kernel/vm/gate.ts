/**
 * GATE: a lock that a thread may hold while it sleeps; what is done with it is in locking.ts.
 *
 * *Locking:* `lock` guards the rest.
 */
import { struct, word, words } from '../struct.ts';

export const GATE = struct({ lock: word, held: word, waiters: words(2) });

/** The forms of locking on the way of a page fault. */
export const LOCKING = Object.freeze({ existence: 0, hierarchical: 1 });
