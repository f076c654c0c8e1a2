/**
 * Steps: the named procedures that traces show as spans, with cycles and misses. `step(STEP.x, object, …)`
 * runs one; the row's index is its number. `object` is the reference or address that the row says.
 */
import { SYSCALLS } from './abi/syscalls.ts';

export type StepKind =
  | 'none'
  | 'fault'
  | 'syscall'
  | 'interrupt'
  | 'exception'
  | 'trap'
  | 'object'
  | 'memory'
  | 'disk'
  | 'thread';

export interface StepRow {
  readonly id: number;
  readonly name: string;
  readonly kind: StepKind;
  readonly summary: string;
}

const KERNEL_STEPS = [
  { key: 'none', name: 'none', kind: 'none', summary: 'Number 0 is no step.' },
  {
    key: 'pageFault',
    name: 'page fault',
    kind: 'fault',
    summary: 'A page fault, from trap entry to return. Object: the address.',
  },
  {
    key: 'interrupt',
    name: 'interrupt',
    kind: 'interrupt',
    summary: 'Interrupts of a hart, served. Object: the cause, or HART when idle.',
  },
  {
    key: 'exception',
    name: 'exception',
    kind: 'exception',
    summary: 'An exception that ends the process. Object: the cause.',
  },
  {
    key: 'trapSave',
    name: 'trap entry save',
    kind: 'trap',
    summary: 'Stores the 32 register words. Object: the thread.',
  },
  {
    key: 'trapRestore',
    name: 'return restore',
    kind: 'trap',
    summary: 'Loads the 32 register words. Object: the thread.',
  },
  {
    key: 'threadStart',
    name: 'thread start',
    kind: 'thread',
    summary: 'A new thread on its way to user mode. Object: the thread.',
  },
  {
    key: 'processHandleFault',
    name: 'Process.handleFault',
    kind: 'object',
    summary: 'Finds the region and hands the fault on. Object: the process.',
  },
  {
    key: 'regionLookup',
    name: 'Region lookup',
    kind: 'object',
    summary: 'Searches the list of regions and enters the one found. Object: the process.',
  },
  {
    key: 'regionHandleFault',
    name: 'Region.handleFault',
    kind: 'object',
    summary: 'Gets the page and maps it. Object: the region.',
  },
  {
    key: 'regionDestroy',
    name: 'Region.destroy',
    kind: 'object',
    summary: 'Drains, unmaps and frees a region. Object: the region.',
  },
  {
    key: 'regionUnmap',
    name: 'Region.unmapPages',
    kind: 'object',
    summary: 'Takes all pages out of page table and TLBs. Object: the region.',
  },
  {
    key: 'fcmGetPage',
    name: 'FCM.getPage',
    kind: 'object',
    summary: 'Finds a page or has it filled. Object: the FCM.',
  },
  {
    key: 'pageWait',
    name: 'page wait',
    kind: 'thread',
    summary: 'Waits until another thread has filled the page. Object: the descriptor.',
  },
  {
    key: 'dsmAllocate',
    name: 'DSM.allocate',
    kind: 'object',
    summary: 'Takes a frame from a node. Object: the DSM.',
  },
  {
    key: 'dsmRelease',
    name: 'DSM.release',
    kind: 'object',
    summary: 'Gives a frame back to its node. Object: the DSM.',
  },
  {
    key: 'heapRefill',
    name: 'heap refill',
    kind: 'memory',
    summary: 'Takes a list of free blocks from a pool. Object: the pool.',
  },
  {
    key: 'heapReturn',
    name: 'heap return',
    kind: 'memory',
    summary: 'Gives a list of free blocks to the pool that they are of. Object: the pool.',
  },
  {
    key: 'heapPage',
    name: 'heap page',
    kind: 'memory',
    summary: 'Takes a frame for a pool. Object: the pool.',
  },
  {
    key: 'zeroFill',
    name: 'zero fill',
    kind: 'memory',
    summary: 'Zeroes a new frame line by line. Object: the page number.',
  },
  {
    key: 'corFill',
    name: 'COR.fill',
    kind: 'object',
    summary: 'Fills a frame from what backs the page. Object: the COR.',
  },
  { key: 'corSave', name: 'COR.save', kind: 'object', summary: 'Writes a frame back. Object: the COR.' },
  {
    key: 'diskRead',
    name: 'disk read wait',
    kind: 'disk',
    summary: 'Queues a disk read and waits for it. Object: the block.',
  },
  {
    key: 'diskWrite',
    name: 'disk write wait',
    kind: 'disk',
    summary: 'Queues a disk write and waits for it. Object: the block.',
  },
  {
    key: 'hatMap',
    name: 'HAT.map',
    kind: 'object',
    summary: 'Enters a page into the page table. Object: the HAT.',
  },
  {
    key: 'hatDestroy',
    name: 'HAT.destroy',
    kind: 'object',
    summary: 'Frees the page tables of a process. Object: the HAT.',
  },
  {
    key: 'shootdown',
    name: 'TLB shootdown',
    kind: 'memory',
    summary: 'Drops pages from every TLB and waits for the answers. Object: the first page.',
  },
  {
    key: 'objectMiss',
    name: 'translation miss',
    kind: 'object',
    summary: 'Miss handler table, root, installation. Object: the reference.',
  },
  {
    key: 'globalMiss',
    name: 'global miss handler',
    kind: 'object',
    summary: 'Finds the root in another hart’s partition. Object: the reference.',
  },
  {
    key: 'createRep',
    name: 'create representative',
    kind: 'object',
    summary: 'Makes a representative of an object for a cluster of harts. Object: the reference.',
  },
  {
    key: 'token',
    name: 'token',
    kind: 'object',
    summary: 'Ends what is in limbo and passes the token on. Object: HART.',
  },
  {
    key: 'regionPurge',
    name: 'Process.forgetRegion',
    kind: 'object',
    summary: 'Takes a region out of every representative of its process. Object: the process.',
  },
  {
    key: 'dispatch',
    name: 'dispatcher switch',
    kind: 'thread',
    summary: 'Makes ready to run a thread. Object: the thread.',
  },
  {
    key: 'undispatch',
    name: 'dispatcher return',
    kind: 'thread',
    summary: 'Tidies up after a thread gave the hart away. Object: HART.',
  },
  {
    key: 'ppcMail',
    name: 'remote calls',
    kind: 'thread',
    summary: 'Gives calls from other harts to workers. Object: HART.',
  },
  {
    key: 'handOver',
    name: 'hand over',
    kind: 'thread',
    summary: 'Makes ready to run a thread without the dispatcher. Object: the thread.',
  },
  {
    key: 'wake',
    name: 'wake by clock',
    kind: 'thread',
    summary: 'Wakes a thread whose time has come. Object: the thread.',
  },
  {
    key: 'reap',
    name: 'thread reap',
    kind: 'thread',
    summary: 'Frees the contexts of a thread that has left. Object: the thread.',
  },
  {
    key: 'lrpcValidate',
    name: 'LRPC validate',
    kind: 'object',
    summary: 'Checks binding, procedure and A-stack, and claims the linkage. Object: the thread.',
  },
  {
    key: 'lrpcStack',
    name: 'LRPC E-stack',
    kind: 'memory',
    summary: 'Ties an E-stack to an A-stack that has none. Object: the linkage.',
  },
  {
    key: 'lrpcEnter',
    name: 'LRPC enter',
    kind: 'thread',
    summary: 'Fills the linkage and puts the thread into the server’s domain. Object: the thread.',
  },
  {
    key: 'lrpcReturn',
    name: 'LRPC return',
    kind: 'thread',
    summary: 'Pops the linkage: the thread is in its caller’s domain again. Object: the thread.',
  },
  {
    key: 'teardown',
    name: 'process teardown',
    kind: 'object',
    summary: 'Frees the memory of a process. Object: the process.',
  },
] as const;

type StepName = (typeof KERNEL_STEPS)[number]['key'];

/** Steps of system calls begin here: FIRST_SYSCALL_STEP + index in SYSCALLS; the last one is for bad numbers. */
export const FIRST_SYSCALL_STEP = KERNEL_STEPS.length;

/** Step numbers by name. */
export const STEP = Object.freeze(
  Object.fromEntries(KERNEL_STEPS.map((row, index) => [row.key, index])),
) as Readonly<Record<StepName, number>>;

/** All steps; a row's index is its number. */
export const STEPS: readonly StepRow[] = Object.freeze([
  ...KERNEL_STEPS.map(({ name, kind, summary }, id) => ({ id, name, kind, summary })),
  ...SYSCALLS.map(({ name, summary }, index) => ({
    id: FIRST_SYSCALL_STEP + index,
    name,
    kind: 'syscall' as const,
    summary,
  })),
  {
    id: FIRST_SYSCALL_STEP + SYSCALLS.length,
    name: 'no system call',
    kind: 'syscall',
    summary: 'A number without a system call: ENOSYS.',
  },
]);

/** The step of a system call by its number. */
export const syscallStep = (number: number): number => {
  const index = SYSCALLS.findIndex((row) => row.number === number);
  return FIRST_SYSCALL_STEP + (index < 0 ? SYSCALLS.length : index);
};
