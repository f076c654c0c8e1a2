/**
 * A thread: a user context and a kernel context, and where it stands.
 *
 * Its kernel context runs the traps that its user context takes; the 32 register words are saved in
 * `registers`. A thread stays on the hart on which it was placed, unless its process is migrated: then it goes on
 * elsewhere from its next return to user mode on (migrate.ts).
 *
 * *Locking:*
 *   fixed at creation      class … stackBase
 *   threadLock of `part`   next, number, value, joiners
 *   lock of the run queue that it is in     runNext, runQueue
 *   process lock                            affinity, priority, schedulingClass; read without it
 *   lock of the wait queue that it is in   waitNext, waitPrevious, waitQueue
 *   its hart, interrupts masked            timerNext, timerArmed, deadline
 *   lock of the port (ipc/port.ts)         call…, serving…
 *   itself                 process … satp, generation, home, linkage, wait… (what it waits for, for reports), disk…, mediated,
 *                          held, reads, registers
 *   `goTo` by fetch-and-store: whoever migrates the process sets it, the thread takes it
 *   `exiled` is set under the lock of its home
 *   `state` by compare-and-swap: whoever moves it out of WAITING or BLOCKED makes the thread runnable.
 */
import { type Code, csrRead, load, panic } from '../../hw/isa/index.ts';
import { LIMIT } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { MEDIATED, MEDIATED_CALLS } from '../objects/mediated-layout.ts';
import { PANIC } from '../panics.ts';
import { onLine, struct, word, words } from '../struct.ts';

export const THREAD = struct({
  class: word,
  process: word,
  hart: word,
  local: word,
  userContext: word,
  kernelContext: word,
  hat: word,
  satp: word,
  stackBase: word,
  /** Generation in which its temporary references are counted, plus 1; 0 while it has none. */
  generation: word,
  /** Hart on which the thread is to go on, plus 1; 0: where it is. */
  goTo: word,
  /** The representative of its home that lists and counts it (processes/thread-list.ts); 0: it is being adopted. */
  part: word,
  /** The process that counts it as its own. `process`, `hat`, `satp` and `userContext` are those it executes in now. */
  home: word,
  /** Innermost linkage record of the calls that it is in (ipc/lrpc/layout.ts), or 0. */
  linkage: word,
  /** Set when somebody else goes on in its place at home: then it becomes the process's that it is in. */
  exiled: word,
  /** The linkage of the call whose time limit it waits for (ipc/lrpc/time-limit.ts), or 0. */
  limits: word,

  state: onLine(),
  wakeResult: word,
  runNext: word,
  waitQueue: word,
  waitNext: word,
  waitPrevious: word,
  waitReason: word,
  waitObject: word,
  waitSince: word,
  timerArmed: word,
  timerNext: word,
  deadline: word,
  /** The run queue that it is in, or 0 (scheduling/run-queue.ts). */
  runQueue: word,
  /** Cycle at which it came into a run queue, and at which it last got a hart. */
  readySince: word,
  ranAt: word,

  next: onLine(),
  /** Beside `next`: who looks for a number walks the list, and is not to meet what traps write. */
  number: word,
  value: word,
  joiners: words(2),
  diskCommand: word,
  diskBlock: word,
  diskAddress: word,
  diskBlocks: word,
  /** Calls of mediated objects that it is inside (objects/mediated.ts). */
  mediated: words((MEDIATED_CALLS * MEDIATED.SIZE) / 4),
  /** Locks that it holds alone, linked through heldNext; representatives that count it as a reader (sync/held.ts). */
  held: word,
  reads: words(LIMIT.READ_LOCKS),

  /** The call to another domain that it is making (ipc/call.ts). */
  callProcedure: onLine(),
  callAddress: word,
  callRequest: word,
  callReplyAt: word,
  callReply: word,
  callStatus: word,
  /** Kernel copy of the request while it is queued, of the reply when it has come; 0 if there is none. */
  callBuffer: word,
  /** The thread that carries the call out. */
  callServer: word,

  /** The thread whose call it carries out, the port that this came by, and a kernel copy of the request. */
  serving: word,
  servingPort: word,
  servingProcedure: word,
  servingRequest: word,
  servingBuffer: word,
  /** Number of the process whose call it is. */
  servingFor: word,
  /** A worker: the port that it serves (ipc/ppc/worker.ts), where it wants requests, and how long they may be. */
  workerPort: word,
  workerSerial: word,
  roomAddress: word,
  roomCapacity: word,
  /** The mail that it carries out, and the one that it waits for (ipc/ppc/mail.ts). */
  servingMail: word,
  callMail: word,
  /** On which harts it may run (scheduling/affinity.ts); its priority, less PRIORITY.NORMAL, and its class. */
  affinity: word,
  priority: word,
  schedulingClass: word,
  /** What does not fit here: the set of those harts, and when it was on each; or 0 (scheduling/ledger.ts). */
  ledger: word,
  /** How often it has got a hart, and how often it was another one than before. */
  runs: word,
  migrations: word,
  /** HART.turns of its hart when it last got that. */
  turn: word,
  /** The discipline's own: a level of priority, an estimate of its footprint. */
  level: word,
  footprint: word,

  registers: onLine(words(32)),
});

/** What a thread is doing. */
export const STATE = Object.freeze({
  /** Being made. */
  embryo: 0,
  /** In a run queue. */
  runnable: 1,
  /** On its hart. */
  running: 2,
  /** In a wait that a kill cuts short. */
  waiting: 3,
  /** In a wait that runs to its end. */
  blocked: 4,
  /** Left for good: its contexts are freed. */
  ended: 5,
});

/**
 * What a thread can wait for, with the sentence that a report makes of it (`@` is the object). `roams`: whether it may
 * then go on on another hart, if the scheduling policy has it so.
 */
export const WAITS = [
  { name: 'none', text: 'nothing', interruptible: false, roams: false },
  { name: 'futex', text: 'futex @', interruptible: true, roams: true },
  { name: 'sleep', text: 'the clock', interruptible: true, roams: true },
  { name: 'child', text: 'the end of process @', interruptible: true, roams: true },
  { name: 'join', text: 'the end of thread @', interruptible: true, roams: true },
  { name: 'disk', text: 'disk block @', interruptible: false, roams: false },
  { name: 'page', text: 'page @, which another thread is filling', interruptible: false, roams: false },
  { name: 'frame', text: 'a page of node @ to leave memory', interruptible: false, roams: false },
  { name: 'gate', text: 'the lock of an object', interruptible: false, roams: false },
  { name: 'call', text: 'a call', interruptible: true, roams: true },
  { name: 'reply', text: 'the reply to procedure @', interruptible: true, roams: true },
  { name: 'guests', text: 'the last call into process @', interruptible: false, roams: false },
  { name: 'region', text: 'the last fault in region @', interruptible: false, roams: false },
  { name: 'swap', text: 'the replacement of object @', interruptible: false, roams: false },
  { name: 'mutex', text: 'mutex @', interruptible: true, roams: true },
  { name: 'rwlockRead', text: 'rwlock @, to read', interruptible: true, roams: true },
  { name: 'rwlockWrite', text: 'rwlock @, to write', interruptible: true, roams: true },
  { name: 'condition', text: 'condition @', interruptible: true, roams: true },
  { name: 'semaphore', text: 'semaphore @', interruptible: true, roams: true },
  { name: 'barrier', text: 'barrier @', interruptible: true, roams: true },
  // In a pool of its hart.
  { name: 'protectedCall', text: 'a call', interruptible: true, roams: false },
  { name: 'protectedReply', text: 'the reply to procedure @', interruptible: true, roams: false },
  { name: 'pager', text: 'page @ of a file', interruptible: false, roams: false },
  { name: 'pages', text: 'a page that somebody wants', interruptible: true, roams: true },
  { name: 'ends', text: 'the end of any process', interruptible: true, roams: true },
  // Its timer is of this hart.
  { name: 'limit', text: 'the time limit of a call', interruptible: true, roams: false },
] as const;

type WaitName = (typeof WAITS)[number]['name'];

/** Wait reasons by name. */
export const WAIT = Object.freeze(
  Object.fromEntries(WAITS.map((row, index) => [row.name, index])),
) as Readonly<Record<WaitName, number>>;

/** The thread that runs on this hart; a panic in a dispatcher. */
export function* currentThread(): Code<number> {
  const thread = yield load((yield csrRead('slocal')) + HART.current);
  if (thread === 0) yield panic(PANIC.noThread);
  return thread;
}
