/**
 * What LRPC keeps in kernel memory (Bershad, Anderson, Lazowska and Levy, TOCS 8(1), 1990): exported interfaces,
 * binding objects, chunks of A-stacks with their linkage records, segments. All four are clustered objects with one
 * representative, so that what is destroyed stays as long as somebody in the kernel may still look at it.
 *
 * *Locking:*
 *   EXPORT    first fields fixed; nameNext by the lock of the names; next by the lock of the server's record; the
 *             rest by `lock`
 *   BINDING   first fields and descriptors fixed, but that a chunk is appended by compare-and-swap; `dead` is only ever
 *             set; holds by fetch-and-add, clientMapped by swap; `listed` by compare-and-swap, for who then takes it out;
 *             clientNext, bound by the lock of the client's record; exportNext by the lock of the export
 *   CHUNK     fixed; `next` is set once; clientMapped by swap
 *   LINKAGE   whoever has made its state HELD or CLAIMED; thread, below, and the client's state otherwise never change;
 *             from, partner: the thread in it
 * *Lock order:* the server's record → export; a linkage is held last, and nothing is waited for meanwhile.
 */
import { onLine, struct, word, words } from '../../struct.ts';

/** Whether a client lists a binding: not, or it does, or somebody has begun to take the binding out. */
export const LISTED = Object.freeze({ no: 0, yes: 1, leaving: 2 });

/** E-stacks of an interface at most. */
export const E_STACKS = 32;

/** An interface that a server has exported. Its descriptors follow. */
export const EXPORT = struct({
  class: word,
  root: word,
  ref: word,
  handle: word,
  /** The server: number, reference and record of its process, and how its memory is reached. */
  owner: word,
  server: word,
  record: word,
  hat: word,
  satp: word,
  name: words(2),
  /** Passed to every call, at the top of its E-stack. */
  word: word,
  /** Procedures. */
  count: word,

  /** The next export in the list of names, and in that of its process. */
  nameNext: onLine(),
  next: word,

  lock: onLine(),
  /** Withdrawn, or its process ends: no bindings and no calls any more. */
  dead: word,
  /** Its handle is good no more; by the lock of the server's record. */
  withdrawn: word,
  /** The process has begun to end: its memory must not be mapped or unmapped from outside. */
  serverGone: word,
  /** No process lists it any more. */
  detached: word,
  /** Bindings that exist. */
  users: word,
  bindings: word,
  /** E-stacks that have been made, and those that no linkage has, last used first. */
  stacksMade: word,
  stacksFree: word,
  stacks: words(E_STACKS),
});

/**
 * A procedure descriptor, as a server gives it: code address, bytes of an A-stack, simultaneous calls (0: it uses the
 * A-stacks of an earlier procedure).
 */
export const DESCRIPTOR = struct({ entry: word, size: word, calls: word });

/** The export's descriptor of a procedure. */
export const descriptorAt = (exported: number, procedure: number): number =>
  exported + EXPORT.SIZE + procedure * DESCRIPTOR.SIZE;

/** What entitles a client to call an interface. What it is to know of the procedures follows. */
export const BINDING = struct({
  class: word,
  root: word,
  ref: word,
  handle: word,
  /** Reference of the client's process. */
  client: word,
  clientRecord: word,
  exported: word,
  server: word,
  serverRecord: word,
  hat: word,
  satp: word,
  /** Procedures. */
  count: word,
  /** Revoked: no call may begin. */
  dead: word,

  clientNext: onLine(),
  /** Whether the client still lists it, as it does until it goes; and whether its handle is still good. */
  /** Whether its client lists it (of LISTED). */
  listed: word,
  bound: word,
  exportNext: word,
  /** Where in both domains the A-stacks lie that it was made with, and how many bytes. */
  clientBase: word,
  serverBase: word,
  bytes: word,
  /** Whether they are mapped for the client; who unmaps them swaps it. */
  clientMapped: word,
  /** Threads that add A-stacks just now, or that wait for the time limit of a call: the binding stays as long. */
  holds: word,
});

/** A procedure in a binding: its code address and the first chunk of its A-stacks. */
export const BOUND = struct({ entry: word, chunk: word, size: word, calls: word });

/** What a binding knows of a procedure. */
export const boundAt = (binding: number, procedure: number): number =>
  binding + BINDING.SIZE + procedure * BOUND.SIZE;

/** A-stacks of one procedure that lie one after the other, and their linkage records, which follow. */
export const CHUNK = struct({
  class: word,
  root: word,
  ref: word,
  next: word,
  /** Address of the first A-stack for the client, and for the server; bytes from one to the next; how many. */
  clientBase: word,
  serverBase: word,
  stride: word,
  count: word,
  procedure: word,
  /** Bytes of a region of its own in both domains; 0 if it lies in the binding's. */
  bytes: word,
  clientMapped: word,
  end: onLine(words(0)),
});

/**
 * A linkage record: where the call that uses an A-stack came from. `thread.linkage` is the innermost one, `below` leads
 * to the others: beside it the stack of user contexts.
 */
export const LINKAGE = struct({
  state: word,
  thread: word,
  /** The linkage of the call that this one was made in, or 0. */
  below: word,
  binding: word,
  /** The client as the thread is to find it again: process, HAT, satp, user context. */
  client: word,
  hat: word,
  satp: word,
  context: word,
  /** Set when the client ends, or has got a replacement for the thread: nobody returns there. */
  gone: word,
  /** E-stack that is tied to the A-stack, and the cycle in which it was last used. */
  eStack: word,
  lastUse: word,
  /** The chunk that it belongs to. */
  chunk: word,
  /** The thread that goes on in the client if the call takes too long (time-limit.ts), or 0. */
  limit: word,
  /** Harts, plus 1: where its thread came from if it changed places for this call; the last that one did so with. 0: none. */
  from: word,
  partner: word,
  /** Memory beside the A-stack: a SEGMENT, or 0 as long as none was asked for. */
  segment: word,
  end: onLine(words(0)),
});

/**
 * Memory beside an A-stack (segment.ts), which stays tied to its linkage. `client`: where it lies for the client, and in the
 * low bits how many pages, or 0 if it does not any more; who unmaps it swaps the word. The rest by who has claimed the linkage.
 */
export const SEGMENT = struct({
  class: word,
  root: word,
  ref: word,
  bytes: word,
  client: word,
  server: word,
});

/** The linkage record of an A-stack of a chunk. */
export const linkageAt = (chunk: number, index: number): number => chunk + CHUNK.SIZE + index * LINKAGE.SIZE;

/** What the linkage of an A-stack is doing. */
export const CALL = Object.freeze({
  /** The A-stack is free, as far as the kernel is concerned. */
  idle: 0,
  /** A thread has taken it for a call that has not begun. */
  claimed: 1,
  /** One hart changes it or looks at its thread. */
  held: 2,
  /** A call is under way. */
  calling: 3,
});
