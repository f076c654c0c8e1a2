/**
 * PROCESS: an address space and the threads in it. There is one record, and a representative near each hart that
 * uses the process (by default): PROCESS_REP.
 *
 * *Locking:*
 *   fixed at creation        class … hat
 *   `lock`                   status, running, attached, threads …, regions (and the links of both lists), counters
 *   `dying`                  set once under `lock`, read without
 *   nextThread               by fetch-and-add
 *   lock of PROCESS_TABLE    state, parent, children, childCount
 *   gate                     itself (vm/locking.ts)
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { onLine, struct, word, words } from '../struct.ts';
import { GATE } from '../vm/gate.ts';

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
  /** Counter objects of the process, linked through COUNTER_LINKs. */
  counters: word,
  gate: words(GATE.SIZE / 4),

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

/** Regions that a representative remembers. */
export const REMEMBERED = 4;
/** One of them. `base` 0: none. */
export const MEMORY = struct({ base: word, end: word, region: word });

/**
 * A representative of a process.
 *
 * *Locking:* the first fields are fixed; `inUse` by fetch-and-add; `lock` guards the regions. It may be taken with
 * the lock of the record held.
 */
export const PROCESS_REP = struct({
  class: word,
  root: word,
  number: word,
  ref: word,
  hat: word,
  record: word,

  /** Faults and copies of these harts that are inside a region: the process has to stay as long. */
  inUse: onLine(),
  lock: word,
  /** Which region is forgotten next. */
  next: word,
  regions: words((REMEMBERED * MEMORY.SIZE) / 4),
});

/** The record of a process. */
export function* recordOf(ref: ObjRef): Code<number> {
  return yield load((yield* deref(ref)) + PROCESS_REP.record);
}
