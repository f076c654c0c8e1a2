/** Flags of mmap. */
export const MAP = {
  /** Pages may be read. */
  READ: 1,
  /** Pages may be written. */
  WRITE: 2,
  /** Pages come from the disk extent that begins at the block argument, and go back there. */
  DISK: 4,
  /** The address must be taken as it is: an overlap is an error rather than moved. */
  FIXED: 8,
  /** Stores are seen by everybody who maps the same memory, and reach the disk. What a disk extent has by default. */
  SHARED: 16,
  /** Stores are seen by this process only. What anonymous memory has by default. */
  PRIVATE: 32,
  /** Nobody may touch it: who does so is ended with a message that says so. With no other right. */
  GUARD: 64,
  /** It begins with its highest page, and grows downward when it is touched, up to its length; the lowest page is a guard. */
  GROWS: 128,
} as const;

/** What madvise is told of pages. */
export const ADVICE = {
  /** They will be needed: they are brought into memory. */
  WILLNEED: 0,
  /** What is in them is not needed any more: private ones are as when they were mapped. */
  DONTNEED: 1,
} as const;

/** On which node pages of a mapping lie (memoryPlace). */
export const PLACEMENT = {
  /** On that of the hart that touches them first. */
  FIRST_TOUCH: 0,
  /** They go round the nodes. */
  INTERLEAVE: 1,
  /** On one node, and nowhere else. */
  BIND: 2,
  /** As FIRST_TOUCH; and one that is in no page table moves to the node of the hart that touches it next. */
  MIGRATE: 3,
  /** As FIRST_TOUCH; and who only reads a page of a copy (fork) that lies on another node gets one on its own. */
  REPLICATE: 4,
} as const;

/** How a counter object uses its representatives. */
export const COUNTER_POLICY = {
  /** Each has a part of the value: adding is cheap, reading adds them up. */
  PARTITIONED: 0,
  /** Each has a copy of the value: reading is cheap, adding changes all of them. */
  REPLICATED: 1,
} as const;

/** How calls to a port get to its server, and back. */
export const PORT_KIND = {
  /** Messages that the kernel copies to itself and on from there (LRPC paper, table III: message passing). */
  MESSAGE: 0,
  /** Messages that the kernel copies from one domain to the other at once (restricted message passing). */
  RESTRICTED: 1,
  /** Protected procedure calls: the caller’s hart is lent to a worker of the server on the same hart. */
  PPC: 2,
} as const;

/** Classes of threads for the scheduler. Only policies with priorities look at them. */
export const SCHEDULING = {
  /** Shares harts with others by time slices. */
  NORMAL: 0,
  /** Comes before all of the normal class, and keeps its hart until it waits or gives way. */
  FIFO: 1,
  /** Runs when nobody else would. */
  IDLE: 2,
} as const;

/** Priorities: the higher, the sooner. */
export const PRIORITY = { LEAST: 0, NORMAL: 16, MOST: 31 } as const;

/** Sizes and limits that a program may rely on. */
export const LIMIT = {
  /** Bytes in a page. */
  PAGE: 4096,
  /** Lowest user address that can be mapped. */
  USER_BASE: 0x0001_0000,
  /** First address above user memory. */
  USER_END: 0x7000_0000,
  /** Bytes that one consoleWrite takes. */
  CONSOLE: 1024,
  /** Bytes of a message, as many as of an Ethernet packet. It lies in one page, from a word on. */
  MESSAGE: 1500,
  /** Bytes of a thread's stack. The page below it is never mapped by the kernel's choice. */
  STACK: 4 * 4096,
  /** Procedures of an interface that is exported for LRPC. */
  PROCEDURES: 16,
  /** Bytes of an A-stack. What does not fit goes through a segment beside it. */
  A_STACK: 4096,
  /** Bytes of a segment beside an A-stack. */
  SEGMENT: 64 * 4096,
  /** Calls of one procedure through one binding that may be under way at a time, before A-stacks are added. */
  CALLS: 16,
  /** Longest sleep and time-out, in cycles. */
  CYCLES: 1 << 30,
  /** Reader-writer locks that a thread can hold to read at once. */
  READ_LOCKS: 8,
  /** Largest value of a semaphore. */
  SEMAPHORE: 1 << 30,
  /** Most members of a barrier. */
  MEMBERS: 1024,
} as const;
