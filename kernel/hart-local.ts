/**
 * HART: what a hart has for itself, at the address in its `slocal` register.
 *
 * *Locking:*
 *   fixed after boot           hart … satp
 *   this hart only, interrupts masked   current, reap, lockDepth, sliceEnd, callsRefused, timers, leaving,
 *                              mediated
 *   needReschedule             others may set it (scheduling/overtake.ts)
 *   queueNodes                 the MCS protocol
 *   mailbox                    fetch-and-add on `requested`, then the slot belongs to its ticket (locks/mailbox.ts)
 *   generation … limboWaiting  objects/generations.ts, token.ts, limbo.ts
 *   handles                    fetch-and-add
 *   runLock                    runHead, runTail, runCount; runQueue: fixed after boot; the rest of that line: this hart only
 *   mail                       compare-and-swap; mailGeneration: this hart only
 *   idleIn, handed             compare-and-swap to 0, then the hart is the taker's: it stores handed (threads/idle.ts);
 *                              idleSince, domain, counted: this hart only
 *   heap                       see memory/layout.ts
 *   paging                     this hart only
 *   refLock                    ref…, free entries of this partition of the miss handler table
 *   futex buckets              each its own lock (threads/futex.ts)
 */
import { type Code, csrRead, load } from '../hw/isa/index.ts';
import { LOCALS } from './layout.ts';
import { HART_HEAP } from './memory/layout.ts';
import { MEDIATED, MEDIATED_CALLS } from './objects/mediated-layout.ts';
import { PAGING } from './vm/paging-layout.ts';
import { LINE, onLine, roundUp, struct, word, words } from './struct.ts';

/** Spin locks that a hart can hold at once. */
export const LOCK_LEVELS = 6;
/** Requests that a mailbox holds. */
export const MAILBOX_SLOTS = 8;
/** What is asked: to drop pages of an address space, or to change a word (locks/mailbox.ts). */
export const MAILBOX_SLOT = struct({ ready: word, what: word, address: word, amount: word });
/** Buckets of the futex table on each hart. */
export const FUTEX_BUCKETS = 4;
export const FUTEX_BUCKET = struct({ lock: onLine(), queue: words(2), end: onLine(words(0)) });

export const HART = struct({
  hart: word,
  node: word,
  harts: word,
  nodes: word,
  hartsPerNode: word,
  memoryPerNode: word,
  line: word,
  pageFlags: word,
  refsPerHart: word,
  stride: word,
  nodeBlock: word,
  slice: word,
  policy: word,
  dispatcher: word,
  satp: word,
  /** LOCKING of the path of a page fault, whether objects adapt, generations of temporary references. */
  locking: word,
  /** VM: which variant of virtual memory. */
  vm: word,
  adapt: word,
  generations: word,
  /** PLACEMENT that new mappings begin with. */
  placement: word,
  /** Offset, within a node's memory, of its frame table. */
  frameTable: word,
  /** Whether idle harts are kept for calls into the domain that ran last on them (threads/idle.ts). */
  caching: word,

  /** Thread that runs on the hart, 0 in the dispatcher. */
  current: onLine(),
  /** Thread that has left for good and waits to be reaped by the dispatcher. */
  reap: word,
  lockDepth: word,
  /** Cycle at which the running thread's time slice ends; 0 while none is armed. */
  sliceEnd: word,
  needReschedule: word,
  /** Calls by LRPC that were refused here. */
  callsRefused: word,
  /** Threads of this hart with a time-out, the earliest first. */
  timers: word,
  /**
   * Hart, plus 1, to which the thread that gives this one away is to be sent over; negative: the idle hart that it changes
   * places with; 0: none (threads/move.ts).
   */
  leaving: word,
  /** The `satp` of the domain that ran last here, and whether the hart is counted among those that idle. */
  domain: word,
  counted: word,
  /** Calls of mediated objects that code without a thread is inside (objects/mediated.ts). */
  mediated: words((MEDIATED_CALLS * MEDIATED.SIZE) / 4),

  /** Number of the current generation of temporary references; its parity says which of `active` counts it. */
  generation: onLine(),
  active: words(2),
  /** Whether the token is here, whether it has just come, and the generation in which it did. */
  token: word,
  tokenFresh: word,
  tokenSince: word,
  /** Objects in limbo: those that have seen the token once, and those that have not. */
  limboCurrent: word,
  limboWaiting: word,
  /** Handles that were given out for references of this hart's partition, by fetch-and-add. */
  handles: word,

  queueNodes: onLine(words((LOCK_LEVELS * LINE) / 4)),

  mailboxRequested: onLine(),
  mailboxSlots: onLine(words((MAILBOX_SLOTS * MAILBOX_SLOT.SIZE) / 4)),
  mailboxCompleted: onLine(),

  runLock: onLine(),
  runHead: word,
  runTail: word,
  runCount: word,
  /** This hart's representative of the run queue, if the policy has one (scheduling/run-queue.ts). */
  runQueue: word,
  /** Whether it has announced that it is idle, and whether it waits before it steals (scheduling/steal.ts). */
  idle: word,
  procrastinates: word,
  /** A thread that is to run next because somebody gave way to it, or 0. */
  hastened: word,
  /** How often another thread than the one before has got this hart; that thread. */
  turns: word,
  /** Rank for which the thread that runs was taken, under a policy that preempts. */
  rank: word,
  lastThread: word,
  /** Whether this hart takes threads from the queues of others, and how many cycles it waits before it does. */
  steals: word,
  procrastination: word,
  /** Footprint for which the thread that runs is counted, and the hart's misses when it came (scheduling/cache-aware.ts). */
  footprint: word,
  missesBefore: word,

  /** Protected procedure calls from other harts, the last first; what counts the dispatcher in meanwhile. */
  mail: onLine(),
  mailGeneration: word,

  /** The `satp` of the domain in whose context the hart idles and may be taken; 0: it may not be; and since when. */
  idleIn: onLine(),
  idleSince: word,
  /** A thread that is to go on here, or (negative) the `satp` of a domain to idle in; 0: nothing. */
  handed: onLine(),

  heap: onLine(words(HART_HEAP.SIZE / 4)),

  refLock: onLine(),
  /** First index of the partition that was never used. */
  refFresh: word,
  /** Free entry of the partition, linked through the entries. */
  refFree: word,

  /** What paging has done here (vm/paging-layout.ts). */
  paging: onLine(words(PAGING.SIZE / 4)),

  futexBuckets: onLine(words((FUTEX_BUCKETS * FUTEX_BUCKET.SIZE) / 4)),
});

/** Offset of the translation table, the same on every hart. */
export const TRANSLATION_TABLE = roundUp(HART.SIZE, LINE);

/** Offset of a hart's partition of the miss handler table. */
export const missHandlerOffset = (harts: number, refsPerHart: number): number =>
  TRANSLATION_TABLE + roundUp(4 * harts * refsPerHart, LINE);

/** Bytes from one hart's HART to the next. */
export const strideOf = (harts: number, refsPerHart: number): number =>
  roundUp(missHandlerOffset(harts, refsPerHart) + 4 * refsPerHart, LINE);

/** This hart's base. */
export function* localBase(): Code<number> {
  return yield csrRead('slocal');
}

/** The base of `hart`, by arithmetic from facts that `local` holds. */
export function* localOf(local: number, hart: number): Code<number> {
  const perNode = yield load(local + HART.hartsPerNode);
  const memoryPerNode = yield load(local + HART.memoryPerNode);
  const stride = yield load(local + HART.stride);
  return ((hart / perNode) | 0) * memoryPerNode + LOCALS + (hart % perNode) * stride;
}
