/**
 * PROCESS: an address space and the threads in it. One shared representative.
 *
 * *Locking:*
 *   fixed at creation        class … user
 *   `lock`                   status, running, attached, threads …, regions (and the links of both lists)
 *   `dying`                  set once under `lock`, read without
 *   nextThread               by fetch-and-add
 *   lock of PROCESS_TABLE    state, parent, children, childCount
 */
import { onLine, struct, word, words } from '../struct.ts';

export const PROCESS = struct({
  class: word,
  number: word,
  ref: word,
  hat: word,

  lock: onLine(),
  status: word,
  /** Threads that have not begun to leave. */
  running: word,
  /** Threads that have not been reaped: their contexts exist. */
  attached: word,
  threads: word,
  lastThread: word,
  nextThread: word,
  regions: word,

  dying: onLine(),

  state: onLine(),
  parent: word,
  /** Wait queue of threads that wait for a child. */
  children: words(2),
  childCount: word,
});

export const PROCESS_STATE = Object.freeze({
  /** Being made; nobody knows its number yet. */
  embryo: 0,
  live: 1,
  /** Ended; its parent has not waited for it. */
  zombie: 2,
});
