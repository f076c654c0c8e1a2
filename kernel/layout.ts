/**
 * Where the kernel's fixed structures lie. Every node's memory begins the same way:
 *
 *   + 0x0000  a page that is never used (so that 0 is no address)
 *   + 0x1000  root page table of the kernel's address space, one copy per node
 *   + 0x2000  NODE_BLOCK: facts about the machine, this node's DSM, and (used on node 0 only) the global locks
 *   + 0x3000  PROCESS_TABLE (used on node 0 only)
 *   + 0x4000  HART of each hart of the node, `stride` bytes apart, each followed by its translation table and
 *             its partition of the miss handler table
 *   then      page frames, handed out by the node's DSM
 *   at last   the bitmap of swap (used on node 0 only), and the frame table
 *
 * Node 0 begins at address 0, so what exists once in the machine has a constant address.
 */
import { onLine, struct, word, words } from './struct.ts';
import { NODE_HEAP } from './memory/layout.ts';
import { MAX_PARAMETERS } from './abi/startup.ts';
import { OBJECT_TYPES } from './objects/types.ts';

export const PAGE_SIZE = 4096;
export const PAGE_SHIFT = 12;

/** Most harts that a kernel can run on: sets of harts have that many bits. */
export const MAX_HARTS = 1024;
/** Words of a set of harts. */
export const HART_SET_WORDS = MAX_HARTS / 32;

/** Servers that can be started at the boot. */
export const MAX_SERVERS = 4;

export const ROOT_TABLE = 0x1000;
export const NODE_BLOCK_OFFSET = 0x2000;
export const PROCESS_TABLE = 0x3000;
export const LOCALS = 0x4000;

/**
 * One per node, written by the loader and by the node's first hart.
 *
 * *Locking:* `portLock` guards `ports`, `exportLock` `exports`, `consoleLock` the console; `diskLock` guards `disk…`; `swapLock` see vm/swap.ts; `next…` by fetch-and-add; `token` and
 * `garbage` see objects/limbo.ts; the rest is not written after the boot. The heap, the DSM and its root guard
 * themselves.
 */
export const NODE_BLOCK = struct({
  harts: word,
  nodes: word,
  hartsPerNode: word,
  memoryPerNode: word,
  line: word,
  /** Flags that every page-table entry gets beside its own: *do not cache*, on a machine without coherence. */
  pageFlags: word,
  refsPerHart: word,
  stride: word,
  /** Offset of the node's first page frame. */
  firstFrame: word,
  /** Offset of the end of its last one. */
  endOfFrames: word,
  /** PLACEMENT that new mappings begin with. */
  placement: word,
  /** Offset of the node's frame table (vm/frame-table.ts). */
  frameTable: word,
  slice: word,
  /** Facts about objects: degrees by type (objects/degree.ts), LOCKING, whether they adapt, generations. */
  degrees: words(OBJECT_TYPES.length),
  locking: word,
  vm: word,
  adapt: word,
  generations: word,
  /** Which lock message transfers take (ipc/transfer-lock.ts). */
  transfer: word,
  /** CONSISTENCY of copies (counters/copies.ts). */
  consistency: word,
  /** Whether idle harts are kept for calls into the domain that ran last on them. */
  caching: word,
  policy: word,
  /** HEAP_MODE of the kernel heap. */
  heapMode: word,
  entry: word,
  parameters: word,
  parameter: words(MAX_PARAMETERS),
  /** Whether idle harts steal threads, and how many cycles they wait before. */
  steals: word,
  procrastination: word,
  /** Threads that want a page of a file, those whose request is served, pagers that wait; whether there is no server (io/pager.ts). */
  pagerLock: onLine(),
  pagerRequests: words(2),
  pagerServed: words(2),
  pagerIdle: words(2),
  pagerGone: word,
  /** Whether the disk belongs to one of the servers. */
  diskOwned: word,
  /** Servers that are started beside the first process: code address and SYSTEM bits of each; up to the first 0. */
  servers: words(2 * MAX_SERVERS),
  /** Weights of base priority, age and affinity; harts that are remembered of a thread. */
  weightBase: word,
  weightAge: word,
  weightAffinity: word,
  remembered: word,
  /** Bytes of the last-level cache, for which threads are chosen that run together (scheduling/cache-aware.ts). */
  sharedCache: word,
  /** Set by the node's first hart when the node can be used. */
  ready: onLine(),
  /** Harts that have booted (node 0). */
  booted: word,
  /** Where the policy places the next thread that may run anywhere (node 0). */
  nextHart: onLine(),
  /** Harts that idle and can be taken for a call, by fetch-and-add (node 0); threads/idle.ts. */
  idlers: onLine(),
  /** Head of the list of all ports, and its lock (node 0); ipc/port.ts. */
  portLock: onLine(),
  ports: word,
  /** The lock that message transfers take if TRANSFER_LOCK says so (node 0). */
  transferLock: onLine(),
  /** Head of the list of interfaces that are exported for LRPC, and its lock (node 0); ipc/lrpc/names.ts. */
  exportLock: onLine(),
  exports: word,
  consoleLock: onLine(),
  diskLock: onLine(),
  /** Wait queue of threads with disk requests; the first one's is under way. */
  diskQueue: words(2),
  /** Swap (vm/swap.ts; node 0): how many slots, the first one's block, the bitmap; where to look next, slots in use. */
  swapSlots: onLine(),
  swapBlock: word,
  swapMap: word,
  swapLock: onLine(),
  swapNext: word,
  swapUsed: word,
  /** Where the token is (objects/limbo.ts), and how much is in limbo. */
  token: onLine(),
  garbage: onLine(),
  heap: onLine(words(NODE_HEAP.SIZE / 4)),
  dsm: onLine(words(16)),
  dsmRoot: onLine(words(8 + HART_SET_WORDS)),
  /** Harts that have nothing to do (node 0); scheduling/idle-harts.ts. */
  idleHarts: onLine(words(HART_SET_WORDS)),
  /** Sum of the footprints of the threads that run on this node, by fetch-and-add (scheduling/cache-aware.ts). */
  footprints: onLine(),
});

/** The block of node 0: what exists once. */
export const GLOBAL = NODE_BLOCK_OFFSET;
