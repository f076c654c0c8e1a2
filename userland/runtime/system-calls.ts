/**
 * System calls: one procedure for each row of kernel/abi/syscalls.ts. Each is a single instruction, the trap;
 * its result is one word, negative for an error of kernel/abi/errors.ts (see `orThrow`).
 */
import { type Code, environmentCall } from '../../hw/isa/index.ts';
import { SYSCALL } from '../../kernel/abi/index.ts';

/** Ends the process: its other threads are killed, then its memory is freed. */
export function* exit(status: number): Code<never> {
  yield environmentCall(SYSCALL.exit, status);
  throw new Error('exit returned');
}

/**
 * Starts a process with a fresh address space, whose first thread begins at the entry on the hart given
 * (-1: any).
 * @returns the process number, or an error
 */
export function* spawn(entry: number, argument: number, hart: number): Code<number> {
  return yield environmentCall(SYSCALL.spawn, entry, argument, hart);
}

/**
 * Starts a process as spawn does, whose private memory is a copy of the caller's, made on write; shared memory is shared.
 * @returns the process number, or an error
 */
export function* fork(entry: number, argument: number, hart: number): Code<number> {
  return yield environmentCall(SYSCALL.fork, entry, argument, hart);
}

/**
 * Lets another process map pages of one shared region.
 * @returns the grant, a handle that is good in that process, or an error
 */
export function* regionGrant(process: number, address: number, length: number, rights: number): Code<number> {
  return yield environmentCall(SYSCALL.regionGrant, process, address, length, rights);
}

/**
 * Maps what another process has granted.
 * @returns the address, or an error
 */
export function* regionAttach(grant: number, address: number, flags: number): Code<number> {
  return yield environmentCall(SYSCALL.regionAttach, grant, address, flags);
}

/**
 * Takes a grant of the caller's back. What has been mapped by it stays mapped.
 * @returns 0, or an error
 */
export function* regionRevoke(grant: number): Code<number> {
  return yield environmentCall(SYSCALL.regionRevoke, grant);
}

/**
 * Waits for a child process to end, stores its status (0: do not store), and forgets it.
 * @returns the process number, or an error
 */
export function* wait(process: number, statusAddress: number): Code<number> {
  return yield environmentCall(SYSCALL.wait, process, statusAddress);
}

/**
 * Kills a process: its threads end at their next return to user mode or interruptible wait.
 * @returns 0, or an error
 */
export function* kill(process: number): Code<number> {
  return yield environmentCall(SYSCALL.kill, process);
}

/**
 * Starts a thread in this process.
 * @returns the thread number, or an error
 */
export function* threadSpawn(entry: number, argument: number, hart: number): Code<number> {
  return yield environmentCall(SYSCALL.threadSpawn, entry, argument, hart);
}

/** Ends the calling thread; the last thread of a process ends the process with status 0. */
export function* threadExit(value: number): Code<never> {
  yield environmentCall(SYSCALL.threadExit, value);
  throw new Error('threadExit returned');
}

/**
 * Waits for a thread of this process to end, stores its value (0: do not store), and forgets it.
 * @returns 0, or an error
 */
export function* threadJoin(thread: number, valueAddress: number): Code<number> {
  return yield environmentCall(SYSCALL.threadJoin, thread, valueAddress);
}

/**
 * Lets another runnable thread of this hart go first.
 * @returns 0
 */
export function* yieldHart(): Code<number> {
  return yield environmentCall(SYSCALL.yield);
}

/**
 * Gives the hart to a certain thread of this process, if it is ready and may run here.
 * @returns 0, or an error
 */
export function* yieldTo(thread: number): Code<number> {
  return yield environmentCall(SYSCALL.yieldTo, thread);
}

/**
 * Says on which harts a thread of this process (0: this one) may run: the bits of `words` words from `address` on.
 * @returns 0, or an error
 */
export function* threadSetAffinity(thread: number, address: number, words: number): Code<number> {
  return yield environmentCall(SYSCALL.threadSetAffinity, thread, address, words);
}

/**
 * Stores the set of harts on which a thread may run.
 * @returns 0, or an error
 */
export function* threadGetAffinity(thread: number, address: number, words: number): Code<number> {
  return yield environmentCall(SYSCALL.threadGetAffinity, thread, address, words);
}

/**
 * Sets the priority of a thread (0: this one), of PRIORITY.
 * @returns 0, or an error
 */
export function* threadSetPriority(thread: number, priority: number): Code<number> {
  return yield environmentCall(SYSCALL.threadSetPriority, thread, priority);
}

/** Gives the priority of a thread (0: this one), or an error. */
export function* threadGetPriority(thread: number): Code<number> {
  return yield environmentCall(SYSCALL.threadGetPriority, thread);
}

/**
 * Sets the class of a thread (0: this one), of SCHEDULING.
 * @returns 0, or an error
 */
export function* threadSetClass(thread: number, schedulingClass: number): Code<number> {
  return yield environmentCall(SYSCALL.threadSetClass, thread, schedulingClass);
}

/** Gives the class of a thread (0: this one), or an error. */
export function* threadGetClass(thread: number): Code<number> {
  return yield environmentCall(SYSCALL.threadGetClass, thread);
}

/**
 * Sleeps for at least so many cycles.
 * @returns 0, or an error
 */
export function* sleep(cycles: number): Code<number> {
  return yield environmentCall(SYSCALL.sleep, cycles);
}

/**
 * Maps pages: anonymous, or a disk extent that begins at a block. Address 0 lets the kernel choose.
 * @returns the address, or an error
 */
export function* mmap(address: number, length: number, flags: number, block: number): Code<number> {
  return yield environmentCall(SYSCALL.mmap, address, length, flags, block);
}

/**
 * Unmaps what mmap has mapped in a range of whole pages, cutting regions if need be; dirty pages of a disk extent are
 * written back first.
 * @returns 0, or an error
 */
export function* munmap(address: number, length: number): Code<number> {
  return yield environmentCall(SYSCALL.munmap, address, length);
}

/**
 * Gives pages other rights: of MAP.READ and MAP.WRITE, or none.
 * @returns 0, or an error, and then nothing has changed
 */
export function* mprotect(address: number, length: number, rights: number): Code<number> {
  return yield environmentCall(SYSCALL.mprotect, address, length, rights);
}

/**
 * Writes the pages of a range that have been stored to back to the disk, and waits for that.
 * @returns 0, or an error
 */
export function* msync(address: number, length: number): Code<number> {
  return yield environmentCall(SYSCALL.msync, address, length);
}

/**
 * Says what becomes of pages, one of ADVICE.
 * @returns 0, or an error
 */
export function* madvise(address: number, length: number, advice: number): Code<number> {
  return yield environmentCall(SYSCALL.madvise, address, length, advice);
}

/**
 * Blocks if the word still holds the expected value, until woken or so many cycles have passed (0: for ever).
 * @returns 0, or an error
 */
export function* futexWait(address: number, expected: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.futexWait, address, expected, timeout);
}

/**
 * Wakes up to so many threads that wait on the word.
 * @returns how many threads were woken, or an error
 */
export function* futexWake(address: number, count: number): Code<number> {
  return yield environmentCall(SYSCALL.futexWake, address, count);
}

/**
 * Writes bytes (UTF-8) to the console; one call is never mixed with another.
 * @returns the number of bytes written, or an error
 */
export function* consoleWrite(address: number, length: number): Code<number> {
  return yield environmentCall(SYSCALL.consoleWrite, address, length);
}

/**
 * Reads the clock of the hart, in cycles.
 * @returns the hart’s clock, low 31 bits
 */
export function* clock(): Code<number> {
  return yield environmentCall(SYSCALL.clock);
}

/**
 * The hart that the caller runs on.
 * @returns the hart number
 */
export function* currentHart(): Code<number> {
  return yield environmentCall(SYSCALL.currentHart);
}

/**
 * The node that the caller runs on.
 * @returns the node number
 */
export function* currentNode(): Code<number> {
  return yield environmentCall(SYSCALL.currentNode);
}

/**
 * The caller’s process.
 * @returns the process number
 */
export function* currentProcess(): Code<number> {
  return yield environmentCall(SYSCALL.currentProcess);
}

/**
 * The calling thread.
 * @returns the thread number
 */
export function* currentThread(): Code<number> {
  return yield environmentCall(SYSCALL.currentThread);
}

/**
 * How many harts the machine has.
 * @returns the number of harts
 */
export function* hartCount(): Code<number> {
  return yield environmentCall(SYSCALL.hartCount);
}

/**
 * Makes a counter object that is 0. `policy` of COUNTER_POLICY; `harts` share a representative (0: as the kernel is
 * configured).
 * @returns a handle, good in this process, or an error
 */
export function* counterCreate(policy: number, harts: number): Code<number> {
  return yield environmentCall(SYSCALL.counterCreate, policy, harts);
}

/**
 * Adds to a counter.
 * @returns 0, or an error
 */
export function* counterAdd(counter: number, amount: number): Code<number> {
  return yield environmentCall(SYSCALL.counterAdd, counter, amount);
}

/**
 * Reads a counter: a value that it had during the call.
 * @returns the value, low 31 bits, or an error
 */
export function* counterRead(counter: number): Code<number> {
  return yield environmentCall(SYSCALL.counterRead, counter);
}

/**
 * Begins to replace the implementation of a counter, while others use it.
 * @returns 0, or an error (EBUSY: it is being replaced already)
 */
export function* counterReplace(counter: number, policy: number, harts: number): Code<number> {
  return yield environmentCall(SYSCALL.counterReplace, counter, policy, harts);
}

/**
 * Destroys a counter. Later uses of its handle give EBADF.
 * @returns 0, or an error
 */
export function* counterDestroy(counter: number): Code<number> {
  return yield environmentCall(SYSCALL.counterDestroy, counter);
}

/**
 * Begins to give the region of an address, and its file cache manager, a representative for every so many harts (0: as
 * the kernel is configured), while others fault on it.
 * @returns 0, or an error (EFAULT: there is no region; EBUSY: one of them is being replaced already)
 */
export function* regionReplace(address: number, harts: number): Code<number> {
  return yield environmentCall(SYSCALL.regionReplace, address, harts);
}

/**
 * Moves a process to a node: each of its threads goes on there, on the hart with the same place. `env.hart()` still says
 * where the thread began; `currentHart()` where it is.
 * @returns 0, or an error (EBUSY: one of its regions is in use at this moment)
 */
export function* migrate(process: number, node: number): Code<number> {
  return yield environmentCall(SYSCALL.migrate, process, node);
}

/**
 * Makes a port of a kind of PORT_KIND, under a name of two words.
 * @returns the right to receive from it, good in this process, or an error
 */
export function* portCreate(name0: number, name1: number, kind: number): Code<number> {
  return yield environmentCall(SYSCALL.portCreate, name0, name1, kind);
}

/**
 * Gives the process the right to call the port of a name.
 * @returns a binding, good in this process, or an error
 */
export function* portBind(name0: number, name1: number): Code<number> {
  return yield environmentCall(SYSCALL.portBind, name0, name1);
}

/**
 * Gives up a right; with the right to receive the port ends.
 * @returns 0, or an error
 */
export function* portClose(handle: number): Code<number> {
  return yield environmentCall(SYSCALL.portClose, handle);
}

/**
 * Sends a message and waits for the reply.
 * @param sizes bytes of the request · 65,536 + bytes that there is room for at `replyAddress`
 * @param timeout cycles, 0 for ever
 * @returns what the server says, or an error
 */
export function* portCall(
  binding: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAddress: number,
  timeout: number,
): Code<number> {
  return yield environmentCall(SYSCALL.portCall, binding, procedure, address, sizes, replyAddress, timeout);
}

/**
 * Waits for a call and brings its message to an address.
 * @param timeout cycles, 0 for ever
 * @returns the procedure, or an error
 */
export function* portReceive(port: number, address: number, capacity: number, timeout: number): Code<number> {
  return yield environmentCall(SYSCALL.portReceive, port, address, capacity, timeout);
}

/**
 * Replies to the call that the thread carries out.
 * @returns 0, or an error
 */
export function* portReply(address: number, bytes: number, status: number): Code<number> {
  return yield environmentCall(SYSCALL.portReply, address, bytes, status);
}

/**
 * Replies, if there is somebody to reply to, and waits for the next call.
 * @returns the procedure, or an error
 */
export function* portReplyReceive(
  port: number,
  replyAddress: number,
  bytes: number,
  status: number,
  address: number,
  capacity: number,
): Code<number> {
  return yield environmentCall(
    SYSCALL.portReplyReceive,
    port,
    replyAddress,
    bytes,
    status,
    address,
    capacity,
  );
}

/**
 * Registers an interface under a name of two words. `descriptors`: PROCEDURE_DESCRIPTORs of its procedures; `word` is
 * passed to every call.
 * @returns the export, or an error (EBUSY: the name is taken)
 */
export function* lrpcExport(
  name0: number,
  name1: number,
  descriptors: number,
  procedures: number,
  word: number,
): Code<number> {
  return yield environmentCall(SYSCALL.lrpcExport, name0, name1, descriptors, procedures, word);
}

/**
 * Takes an interface back: all bindings to it are revoked.
 * @returns 0, or an error
 */
export function* lrpcWithdraw(exported: number): Code<number> {
  return yield environmentCall(SYSCALL.lrpcWithdraw, exported);
}

/**
 * Binds to the interface of a name, and stores where the A-stacks of each procedure lie (A_STACKS).
 * @returns the binding, good in this process, or an error (ESRCH: nobody has exported it)
 */
export function* lrpcBind(
  name0: number,
  name1: number,
  stacksAddress: number,
  capacity: number,
): Code<number> {
  return yield environmentCall(SYSCALL.lrpcBind, name0, name1, stacksAddress, capacity);
}

/**
 * Gives a binding back, with its A-stacks.
 * @returns 0, or an error
 */
export function* lrpcUnbind(binding: number): Code<number> {
  return yield environmentCall(SYSCALL.lrpcUnbind, binding);
}

/**
 * Calls a procedure on an A-stack: the thread goes on in the server. After `timeout` cycles (0: never) another one goes on
 * in its place, with ETIMEDOUT.
 * @returns 0 when the procedure has returned, or an error
 */
export function* lrpcCall(binding: number, procedure: number, aStack: number, timeout = 0): Code<number> {
  return yield environmentCall(SYSCALL.lrpcCall, binding, procedure, aStack, timeout);
}

/**
 * Ends the call that the thread is in.
 * @returns only if there is none: an error
 */
export function* lrpcReturn(): Code<number> {
  return yield environmentCall(SYSCALL.lrpcReturn);
}

/**
 * Adds A-stacks of a procedure to a binding.
 * @returns the address of the first of as many as the procedure had at first, or an error
 */
export function* lrpcGrow(binding: number, procedure: number): Code<number> {
  return yield environmentCall(SYSCALL.lrpcGrow, binding, procedure);
}

/**
 * Gives a thread of this process, which is called into another one, a replacement, whose call gives ECALLABORTED.
 * @returns 0, or an error
 */
export function* lrpcAbort(thread: number): Code<number> {
  return yield environmentCall(SYSCALL.lrpcAbort, thread);
}

/**
 * Ties a segment of so many bytes at least to an A-stack (0: takes it away).
 * @returns its address (0: none), or an error
 */
export function* lrpcSegment(
  binding: number,
  procedure: number,
  aStack: number,
  bytes: number,
): Code<number> {
  return yield environmentCall(SYSCALL.lrpcSegment, binding, procedure, aStack, bytes);
}

/**
 * In a server: where so many bytes of the segment of the call that the thread is in lie.
 * @returns the address, or an error
 */
export function* lrpcSegmentHere(bytes: number): Code<number> {
  return yield environmentCall(SYSCALL.lrpcSegmentHere, bytes);
}

/**
 * Makes the thread a worker of its hart for a port of protected procedure calls, and waits for a call.
 * @returns the procedure, or an error
 */
export function* ppcAccept(port: number, address: number, capacity: number): Code<number> {
  return yield environmentCall(SYSCALL.ppcAccept, port, address, capacity);
}

/**
 * Returns from a call, if somebody waits for it, and waits for the next one.
 * @returns the procedure, or an error
 */
export function* ppcReturn(
  port: number,
  replyAddress: number,
  bytes: number,
  status: number,
  address: number,
  capacity: number,
): Code<number> {
  return yield environmentCall(SYSCALL.ppcReturn, port, replyAddress, bytes, status, address, capacity);
}

/**
 * Protected procedure call: lends the hart to a worker of this hart. `sizes` and time-out as in `portCall`.
 * @returns what the server says, or an error
 */
export function* ppcCall(
  binding: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAddress: number,
  timeout = 0,
): Code<number> {
  return yield environmentCall(SYSCALL.ppcCall, binding, procedure, address, sizes, replyAddress, timeout);
}

/**
 * Calls a worker of another hart.
 * @returns what the server says, or an error
 */
export function* ppcCallOn(
  binding: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAddress: number,
  hart: number,
): Code<number> {
  return yield environmentCall(SYSCALL.ppcCallOn, binding, procedure, address, sizes, replyAddress, hart);
}

/**
 * As `ppcCallOn`, with a time-out.
 * @param target address of two words (TARGET): the hart, and the cycles (0: for ever)
 * @returns what the server says, or an error
 */
export function* ppcCallOnWithin(
  binding: number,
  procedure: number,
  address: number,
  sizes: number,
  replyAddress: number,
  target: number,
): Code<number> {
  return yield environmentCall(
    SYSCALL.ppcCallOnWithin,
    binding,
    procedure,
    address,
    sizes,
    replyAddress,
    target,
  );
}

/**
 * Asynchronous call: a worker of a hart carries it out some time.
 * @returns 0, or an error
 */
export function* ppcSend(
  binding: number,
  procedure: number,
  address: number,
  bytes: number,
  hart: number,
): Code<number> {
  return yield environmentCall(SYSCALL.ppcSend, binding, procedure, address, bytes, hart);
}

/**
 * Says on which node pages of the mapping at an address are to lie, from the next one on that is brought in.
 * @param placement of PLACEMENT
 * @param node for PLACEMENT.BIND
 * @returns 0, or an error
 */
export function* memoryPlace(address: number, placement: number, node = 0): Code<number> {
  return yield environmentCall(SYSCALL.memoryPlace, address, placement, node);
}

/**
 * Takes the pages of a range of one region out of the page table. They stay in memory: who touches one next has a page
 * fault that finds it there.
 * @returns 0, or an error
 */
export function* pageUnmap(address: number, length: number): Code<number> {
  return yield environmentCall(SYSCALL.pageUnmap, address, length);
}
