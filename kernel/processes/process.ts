/**
 * PROCESS: an address space and the threads in it. There is one record, and a representative near each hart that
 * uses the process (by default): PROCESS_REP.
 *
 * *Locking:*
 *   fixed at creation        class … system
 *   `lock`                   status, counters, rights, exports, bindings, guestsGone, syncs, grants
 *   running, attached        by atomic instructions, under `threadLock` of a representative (thread-list.ts)
 *   `regionLock`             regions and their links: a reader-writer lock, since every fault in a region that its
 *                            representative does not remember walks the list, and only mapping changes it
 *   holds                    by fetch-and-add
 *   `dying`                  set once under `lock`, read without
 *   nextThread               by fetch-and-add
 *   lock of PROCESS_TABLE    state, parent, children, childCount
 *   gate, changes            themselves (vm/locking.ts, vm/claim.ts)
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { onLine, struct, word, words } from '../struct.ts';
import { READER_WRITER } from '../locks/reader-writer.ts';
import { GATE } from '../vm/gate.ts';

export const PROCESS = struct({
  class: word,
  number: word,
  ref: word,
  hat: word,
  /** Bits of SYSTEM: 0 for a program. */
  system: word,
  /** The root of its object, which knows the representatives: they list its threads. */
  root: word,

  /** Representatives that count threads which have not begun to leave; until the first thread is made, one more. */
  running: onLine(),
  /** Representatives that count threads which have not been reaped: their contexts exist. */
  attached: word,
  /** The last number that a thread has got, or may get. */
  nextThread: word,

  lock: onLine(),
  status: word,
  /** Counter objects of the process, linked through OWNEDs. */
  counters: word,
  /** Rights to ports, linked through OWNEDs. */
  rights: word,
  /** Interfaces that it has exported, and binding objects that it has imported (ipc/lrpc/layout.ts). */
  exports: word,
  bindings: word,
  /** Threads that wait, as the last of a process that ends, until no other process's thread is in it. */
  guestsGone: words(2),
  /** Synchronization objects, linked through OWNEDs. */
  syncs: word,
  /** Grants of shared memory that it has given, linked through OWNEDs. */
  grants: word,
  gate: words(GATE.SIZE / 4),

  regionLock: onLine(words(READER_WRITER.SIZE / 4)),
  regions: word,
  /** Who waits until a link is not being changed any more. */
  changes: words(GATE.SIZE / 4),

  dying: onLine(),
  /** Threads of others that map or unmap memory of this process just now. */
  holds: word,

  state: onLine(),
  parent: word,
  /** Wait queue of threads that wait for a child. */
  children: words(2),
  childCount: word,

  /** Calls into this domain that found no hart idling in its context, while others idled; by fetch-and-add. */
  misses: onLine(),
});

/** What a process that was started at the boot is, and may. */
export const SYSTEM = Object.freeze({
  /** A server: it goes on after the first process has ended, and is told when no program is left. */
  server: 1,
  /** It alone reads and writes blocks of the disk. */
  disk: 2,
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
/** Stacks of ended threads that a representative keeps. */
export const KEPT_STACKS = 2;
/** One of the regions. `base` 0: none. */
export const MEMORY = struct({ base: word, end: word, region: word });

/**
 * A representative of a process.
 *
 * *Locking:* the first fields are fixed; `inUse` is a counting lock (in-use.ts); `lock` guards the regions and stacks, and may be
 * taken with the `regionLock` of the record held; `threadLock` guards the rest, and may be taken with the `lock` of the
 * record held.
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
  /** Lowest addresses of stacks that are kept (stack-cache.ts); 0: none. */
  stacks: words(KEPT_STACKS),

  threadLock: onLine(),
  /** Threads that began on these harts, ended ones that nobody has joined included. */
  threads: word,
  lastThread: word,
  /** How many of them have not begun to leave, and how many have not been reaped. */
  running: word,
  attached: word,
  /** The number that a thread got last which was made here. */
  nextNumber: word,
});

/** The record of a process. */
export function* recordOf(ref: ObjRef): Code<number> {
  return yield load((yield* deref(ref)) + PROCESS_REP.record);
}
