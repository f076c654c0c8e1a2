/**
 * The system calls, one row each: what the kernel's dispatch table, the user stubs, the fuzzer and
 * docs/reference/abi.md are all made from. Arguments travel in a0–a5 and the number in a7; the result is
 * one word, negative for an error of errors.ts.
 */

/** What an argument means: enough for a fuzzer to make good, boundary and garbage values. */
export type ArgumentKind =
  | 'address' // a user virtual address
  | 'length' // bytes
  | 'code' // a code address
  | 'word' // any 32-bit value
  | 'thread' // a thread number
  | 'process' // a process number
  | 'hart' // a hart number, or -1 for "any"
  | 'cycles'
  | 'flags'
  | 'rights' // MAP.READ and MAP.WRITE, or none
  | 'block' // a disk block
  | 'count'
  | 'counter' // a handle of a counter object
  | 'mutex' // handles of synchronization objects
  | 'rwlock'
  | 'condition'
  | 'semaphore'
  | 'barrier'
  | 'sync' // a handle of any of these
  | 'port' // a handle of a right to receive from a port
  | 'binding' // a handle of a right to call
  | 'message' // bytes of a message
  | 'sizes' // two of those in one word
  | 'exported' // a handle of an interface exported for LRPC
  | 'lrpcBinding' // a handle of a binding object of LRPC
  | 'procedure' // the number of a procedure
  | 'grant' // a handle of a grant of shared memory
  | 'priority'
  | 'policy'; // of COUNTER_POLICY, PORT_KIND, ADVICE, PLACEMENT

export interface SyscallRow {
  readonly name: string;
  readonly number: number;
  readonly arguments: readonly { readonly name: string; readonly kind: ArgumentKind }[];
  /** What a non-negative result means. */
  readonly gives: string;
  readonly errors: readonly string[];
  readonly summary: string;
}

export const SYSCALLS = [
  {
    name: 'exit',
    number: 1,
    arguments: [{ name: 'status', kind: 'word' }],
    gives: 'does not return',
    errors: [],
    summary: 'Ends the process: its other threads are killed, then its memory is freed.',
  },
  {
    name: 'spawn',
    number: 2,
    arguments: [
      { name: 'entry', kind: 'code' },
      { name: 'argument', kind: 'word' },
      { name: 'hart', kind: 'hart' },
    ],
    gives: 'the process number',
    errors: ['EINVAL', 'ENOMEM', 'EAGAIN'],
    summary:
      'Starts a process with a fresh address space, whose first thread begins at the entry on the hart given (-1: any).',
  },
  {
    name: 'wait',
    number: 3,
    arguments: [
      { name: 'process', kind: 'process' },
      { name: 'statusAddress', kind: 'address' },
    ],
    gives: 'the process number',
    errors: ['ESRCH', 'EFAULT', 'EINTR', 'EDEADLK', 'ENOMEM', 'EIO'],
    summary: 'Waits for a child process to end, stores its status (0: do not store), and forgets it.',
  },
  {
    name: 'kill',
    number: 4,
    arguments: [{ name: 'process', kind: 'process' }],
    gives: '0',
    errors: ['ESRCH', 'EPERM'],
    summary: 'Kills a process: its threads end at their next return to user mode or interruptible wait.',
  },
  {
    name: 'threadSpawn',
    number: 5,
    arguments: [
      { name: 'entry', kind: 'code' },
      { name: 'argument', kind: 'word' },
      { name: 'hart', kind: 'hart' },
    ],
    gives: 'the thread number',
    errors: ['EINVAL', 'ENOMEM', 'EAGAIN'],
    summary: 'Starts a thread in this process.',
  },
  {
    name: 'threadExit',
    number: 6,
    arguments: [{ name: 'value', kind: 'word' }],
    gives: 'does not return',
    errors: ['EPERM'],
    summary:
      'Ends the calling thread; the last thread of a process ends the process with status 0. EPERM: it is in a call, and not its caller’s to end.',
  },
  {
    name: 'threadJoin',
    number: 7,
    arguments: [
      { name: 'thread', kind: 'thread' },
      { name: 'valueAddress', kind: 'address' },
    ],
    gives: '0',
    errors: ['ESRCH', 'EFAULT', 'EINTR', 'EDEADLK', 'EBUSY', 'ENOMEM', 'EIO'],
    summary: 'Waits for a thread of this process to end, stores its value (0: do not store), and forgets it.',
  },
  {
    name: 'yield',
    number: 8,
    arguments: [],
    gives: '0',
    errors: [],
    summary: 'Lets another runnable thread of this hart go first.',
  },
  {
    name: 'sleep',
    number: 9,
    arguments: [{ name: 'cycles', kind: 'cycles' }],
    gives: '0',
    errors: ['EINVAL', 'EINTR'],
    summary: 'Sleeps for at least so many cycles.',
  },
  {
    name: 'mmap',
    number: 10,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
      { name: 'flags', kind: 'flags' },
      { name: 'block', kind: 'block' },
    ],
    gives: 'the address',
    errors: ['EINVAL', 'ENOMEM', 'EPERM'],
    summary:
      'Maps pages: anonymous, or a disk extent that begins at a block. Address 0 lets the kernel choose. EPERM: the disk is a server’s.',
  },
  {
    name: 'munmap',
    number: 11,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
    ],
    gives: '0',
    errors: ['EINVAL', 'ENOMEM', 'EIO'],
    summary:
      'Unmaps what mmap has mapped in a range of whole pages, cutting regions if need be; dirty pages of a disk extent are written back first. EINVAL: nothing is mapped there, or something that the kernel has mapped. With ENOMEM nothing has changed.',
  },
  {
    name: 'futexWait',
    number: 12,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'expected', kind: 'word' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0',
    errors: ['EAGAIN', 'EFAULT', 'EINVAL', 'ETIMEDOUT', 'EINTR', 'ENOMEM', 'EIO'],
    summary:
      'Blocks if the word still holds the expected value, until woken or so many cycles have passed (0: for ever).',
  },
  {
    name: 'futexWake',
    number: 13,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'count', kind: 'count' },
    ],
    gives: 'how many threads were woken',
    errors: ['EFAULT', 'EINVAL', 'ENOMEM', 'EIO'],
    summary: 'Wakes up to so many threads that wait on the word.',
  },
  {
    name: 'consoleWrite',
    number: 14,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
    ],
    gives: 'the number of bytes written',
    errors: ['EFAULT', 'EINVAL', 'ENOMEM', 'EIO'],
    summary: 'Writes bytes (UTF-8) to the console, 1,024 at most; one call is never mixed with another.',
  },
  {
    name: 'clock',
    number: 15,
    arguments: [],
    gives: 'the hart’s clock, low 31 bits',
    errors: [],
    summary: 'Reads the clock of the hart, in cycles.',
  },
  {
    name: 'currentHart',
    number: 16,
    arguments: [],
    gives: 'the hart number',
    errors: [],
    summary: 'The hart that the caller runs on.',
  },
  {
    name: 'currentNode',
    number: 17,
    arguments: [],
    gives: 'the node number',
    errors: [],
    summary: 'The node that the caller runs on.',
  },
  {
    name: 'currentProcess',
    number: 18,
    arguments: [],
    gives: 'the process number',
    errors: [],
    summary: 'The caller’s process.',
  },
  {
    name: 'currentThread',
    number: 19,
    arguments: [],
    gives: 'the thread number',
    errors: [],
    summary: 'The calling thread.',
  },
  {
    name: 'hartCount',
    number: 20,
    arguments: [],
    gives: 'the number of harts',
    errors: [],
    summary: 'How many harts the machine has.',
  },
  {
    name: 'counterCreate',
    number: 21,
    arguments: [
      { name: 'policy', kind: 'policy' },
      { name: 'harts', kind: 'count' },
    ],
    gives: 'the counter',
    errors: ['EINVAL', 'ENOMEM'],
    summary:
      'Makes a counter object that is 0, with a representative for every so many harts (0: as the kernel is configured). The handle is good in this process.',
  },
  {
    name: 'counterAdd',
    number: 22,
    arguments: [
      { name: 'counter', kind: 'counter' },
      { name: 'amount', kind: 'word' },
    ],
    gives: '0',
    errors: ['EBADF'],
    summary: 'Adds to a counter.',
  },
  {
    name: 'counterRead',
    number: 23,
    arguments: [{ name: 'counter', kind: 'counter' }],
    gives: 'the value, low 31 bits',
    errors: ['EBADF'],
    summary: 'Reads a counter: a value that it had during the call.',
  },
  {
    name: 'counterReplace',
    number: 24,
    arguments: [
      { name: 'counter', kind: 'counter' },
      { name: 'policy', kind: 'policy' },
      { name: 'harts', kind: 'count' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'EBUSY', 'ENOMEM'],
    summary:
      'Begins to replace the implementation of a counter, while others use it. EBUSY: it is being replaced already.',
  },
  {
    name: 'counterDestroy',
    number: 25,
    arguments: [{ name: 'counter', kind: 'counter' }],
    gives: '0',
    errors: ['EBADF'],
    summary: 'Destroys a counter. Later uses of its handle give EBADF.',
  },
  {
    name: 'regionReplace',
    number: 26,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'harts', kind: 'count' },
    ],
    gives: '0',
    errors: ['EINVAL', 'EFAULT', 'EBUSY', 'ENOMEM'],
    summary:
      'Begins to give the region of an address, and its file cache manager, a representative for every so many harts (0: as configured), while others fault on it. EBUSY: one of them is being replaced already.',
  },
  {
    name: 'migrate',
    number: 27,
    arguments: [
      { name: 'process', kind: 'process' },
      { name: 'node', kind: 'count' },
    ],
    gives: '0',
    errors: ['EINVAL', 'ESRCH', 'EPERM', 'EBUSY'],
    summary:
      'Moves a process to a node: each of its threads goes on there, on the hart with the same place. Allowed for a process itself and its ancestors. EBUSY: one of its regions is in use at this moment.',
  },
  {
    name: 'mutexCreate',
    number: 30,
    arguments: [],
    gives: 'the mutex',
    errors: ['ENOMEM'],
    summary: 'Makes a mutex that nobody holds. Handles of synchronization objects are good in this process.',
  },
  {
    name: 'mutexLock',
    number: 31,
    arguments: [
      { name: 'mutex', kind: 'mutex' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'EDEADLK', 'EOWNERDEAD', 'ENOTRECOVERABLE', 'ETIMEDOUT', 'EINTR'],
    summary:
      'Takes a mutex, first come, first served, if that is possible within so many cycles (0: for ever; below 0: without waiting). With EOWNERDEAD, too, the caller has it.',
  },
  {
    name: 'mutexUnlock',
    number: 32,
    arguments: [{ name: 'mutex', kind: 'mutex' }],
    gives: '0',
    errors: ['EBADF', 'EPERM'],
    summary: 'Gives a mutex up that the caller holds.',
  },
  {
    name: 'rwlockCreate',
    number: 33,
    arguments: [{ name: 'harts', kind: 'count' }],
    gives: 'the rwlock',
    errors: ['EINVAL', 'ENOMEM'],
    summary:
      'Makes a reader-writer lock that nobody holds, with a count of readers for every so many harts (0: as the kernel is configured).',
  },
  {
    name: 'rwlockRead',
    number: 34,
    arguments: [
      { name: 'rwlock', kind: 'rwlock' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'EAGAIN', 'EDEADLK', 'EOWNERDEAD', 'ENOTRECOVERABLE', 'ETIMEDOUT', 'EINTR'],
    summary:
      'Takes a lock together with others who read. EAGAIN: the caller holds as many to read as a thread can.',
  },
  {
    name: 'rwlockWrite',
    number: 35,
    arguments: [
      { name: 'rwlock', kind: 'rwlock' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'EDEADLK', 'EOWNERDEAD', 'ENOTRECOVERABLE', 'ETIMEDOUT', 'EINTR'],
    summary: 'Takes a lock for the caller alone.',
  },
  {
    name: 'rwlockUnlock',
    number: 36,
    arguments: [{ name: 'rwlock', kind: 'rwlock' }],
    gives: '0',
    errors: ['EBADF', 'EPERM'],
    summary: 'Gives a lock up that the caller holds, to read or to write.',
  },
  {
    name: 'lockConsistent',
    number: 37,
    arguments: [{ name: 'lock', kind: 'sync' }],
    gives: '0',
    errors: ['EBADF', 'EPERM', 'EINVAL'],
    summary:
      'After EOWNERDEAD: what the mutex or reader-writer lock guards is in order again. EINVAL: it always was.',
  },
  {
    name: 'conditionCreate',
    number: 38,
    arguments: [],
    gives: 'the condition',
    errors: ['ENOMEM'],
    summary: 'Makes a condition variable.',
  },
  {
    name: 'conditionWait',
    number: 39,
    arguments: [
      { name: 'condition', kind: 'condition' },
      { name: 'mutex', kind: 'mutex' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'EPERM', 'EOWNERDEAD', 'ENOTRECOVERABLE', 'ETIMEDOUT', 'EINTR'],
    summary: 'Gives the mutex up, waits to be woken, and takes the mutex again, after a time-out, too.',
  },
  {
    name: 'conditionWake',
    number: 40,
    arguments: [
      { name: 'condition', kind: 'condition' },
      { name: 'count', kind: 'count' },
    ],
    gives: 'how many threads were woken',
    errors: ['EBADF', 'EINVAL'],
    summary: 'Wakes up to so many threads that wait, the longest waiting first.',
  },
  {
    name: 'semaphoreCreate',
    number: 41,
    arguments: [{ name: 'value', kind: 'count' }],
    gives: 'the semaphore',
    errors: ['EINVAL', 'ENOMEM'],
    summary: 'Makes a semaphore with a value.',
  },
  {
    name: 'semaphoreWait',
    number: 42,
    arguments: [
      { name: 'semaphore', kind: 'semaphore' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'ETIMEDOUT', 'EINTR'],
    summary: 'Takes one from the value when it is above 0.',
  },
  {
    name: 'semaphorePost',
    number: 43,
    arguments: [
      { name: 'semaphore', kind: 'semaphore' },
      { name: 'count', kind: 'count' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL'],
    summary: 'Gives so many: to threads that wait, the longest waiting first, and the rest to the value.',
  },
  {
    name: 'barrierCreate',
    number: 44,
    arguments: [
      { name: 'members', kind: 'count' },
      { name: 'harts', kind: 'count' },
    ],
    gives: 'the barrier',
    errors: ['EINVAL', 'ENOMEM'],
    summary:
      'Makes a barrier for so many members, with a leaf of its tree for every so many harts (0: as the kernel is configured).',
  },
  {
    name: 'barrierWait',
    number: 45,
    arguments: [
      { name: 'barrier', kind: 'barrier' },
      { name: 'member', kind: 'count' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'EBUSY', 'ETIMEDOUT', 'EINTR'],
    summary:
      'A member, by its number, arrives and waits until all have. EINVAL: there is no such member; EBUSY: it has arrived already. After a time-out it has not.',
  },
  {
    name: 'syncDestroy',
    number: 46,
    arguments: [{ name: 'object', kind: 'sync' }],
    gives: '0',
    errors: ['EBADF', 'EBUSY'],
    summary:
      'Destroys a synchronization object that nobody holds or waits for. Later uses of its handle give EBADF.',
  },
  {
    name: 'portCreate',
    number: 70,
    arguments: [
      { name: 'name0', kind: 'word' },
      { name: 'name1', kind: 'word' },
      { name: 'kind', kind: 'policy' },
    ],
    gives: 'the port',
    errors: ['EINVAL', 'EBUSY', 'ENOMEM'],
    summary:
      'Makes a port of a kind of PORT_KIND under a name of two words, the first of which is not 0. The handle is the right to receive from it.',
  },
  {
    name: 'portBind',
    number: 71,
    arguments: [
      { name: 'name0', kind: 'word' },
      { name: 'name1', kind: 'word' },
    ],
    gives: 'the binding',
    errors: ['ESRCH', 'ENOMEM'],
    summary: 'Gives the process the right to call the port of a name. The handle is good in this process.',
  },
  {
    name: 'portClose',
    number: 72,
    arguments: [{ name: 'handle', kind: 'port' }],
    gives: '0',
    errors: ['EBADF', 'ENOMEM'],
    summary:
      'Gives up a right. With the right to receive the port ends: who waits for a call or a reply there gets ECALLFAILED.',
  },
  {
    name: 'portCall',
    number: 73,
    arguments: [
      { name: 'binding', kind: 'binding' },
      { name: 'procedure', kind: 'count' },
      { name: 'address', kind: 'address' },
      { name: 'sizes', kind: 'sizes' },
      { name: 'replyAddress', kind: 'address' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: 'the server’s status',
    errors: ['EBADF', 'EINVAL', 'EFAULT', 'EMSGSIZE', 'ECALLFAILED', 'ETIMEDOUT', 'EINTR', 'ENOMEM', 'EIO'],
    summary:
      'Sends a message and waits for the reply (0 cycles: for ever). `sizes`: bytes of the request · 65,536 + bytes that there is room for.',
  },
  {
    name: 'portReceive',
    number: 74,
    arguments: [
      { name: 'port', kind: 'port' },
      { name: 'address', kind: 'address' },
      { name: 'capacity', kind: 'message' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: 'the procedure',
    errors: [
      'EBADF',
      'EINVAL',
      'EBUSY',
      'EFAULT',
      'EAGAIN',
      'EMSGSIZE',
      'ECALLFAILED',
      'ETIMEDOUT',
      'EINTR',
      'ENOMEM',
      'EIO',
    ],
    summary:
      'Waits for a call and brings its message. EBUSY: the thread has yet to reply to one. EAGAIN: the caller gave up.',
  },
  {
    name: 'portReply',
    number: 75,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'bytes', kind: 'message' },
      { name: 'status', kind: 'count' },
    ],
    gives: '0',
    errors: ['ESRCH', 'EINVAL', 'EFAULT', 'ENOMEM', 'EIO'],
    summary: 'Replies to the call that the thread carries out. ESRCH: there is none, or the caller gave up.',
  },
  {
    name: 'portReplyReceive',
    number: 76,
    arguments: [
      { name: 'port', kind: 'port' },
      { name: 'replyAddress', kind: 'address' },
      { name: 'bytes', kind: 'message' },
      { name: 'status', kind: 'count' },
      { name: 'address', kind: 'address' },
      { name: 'capacity', kind: 'message' },
    ],
    gives: 'the procedure',
    errors: [
      'EBADF',
      'EINVAL',
      'EBUSY',
      'EFAULT',
      'EAGAIN',
      'EMSGSIZE',
      'ECALLFAILED',
      'EINTR',
      'ENOMEM',
      'EIO',
    ],
    summary: 'Replies, if there is somebody to reply to, and waits for the next call.',
  },
  {
    name: 'lrpcExport',
    number: 50,
    arguments: [
      { name: 'name0', kind: 'word' },
      { name: 'name1', kind: 'word' },
      { name: 'descriptors', kind: 'address' },
      { name: 'procedures', kind: 'count' },
      { name: 'word', kind: 'word' },
    ],
    gives: 'the export',
    errors: ['EINVAL', 'EMSGSIZE', 'EFAULT', 'EBUSY', 'ENOMEM', 'EIO'],
    summary:
      'Registers an interface under a name of two words, the first of which is not 0. EMSGSIZE: an A-stack would be too large. EBUSY: the name is taken.',
  },
  {
    name: 'lrpcWithdraw',
    number: 51,
    arguments: [{ name: 'export', kind: 'exported' }],
    gives: '0',
    errors: ['EBADF'],
    summary: 'Takes an interface back: all bindings to it are revoked. Calls that are under way return.',
  },
  {
    name: 'lrpcBind',
    number: 52,
    arguments: [
      { name: 'name0', kind: 'word' },
      { name: 'name1', kind: 'word' },
      { name: 'stacksAddress', kind: 'address' },
      { name: 'capacity', kind: 'count' },
    ],
    gives: 'the binding',
    errors: ['ESRCH', 'EMSGSIZE', 'EFAULT', 'ECALLFAILED', 'ENOMEM', 'EIO'],
    summary:
      'Binds to the interface of a name, and stores where the A-stacks of each procedure lie. EMSGSIZE: it has more procedures than there is room for. The handle is good in this process.',
  },
  {
    name: 'lrpcUnbind',
    number: 53,
    arguments: [{ name: 'binding', kind: 'lrpcBinding' }],
    gives: '0',
    errors: ['EBADF'],
    summary: 'Gives a binding back, with its A-stacks. Calls that are under way return.',
  },
  {
    name: 'lrpcCall',
    number: 54,
    arguments: [
      { name: 'binding', kind: 'lrpcBinding' },
      { name: 'procedure', kind: 'procedure' },
      { name: 'aStack', kind: 'address' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: '0, when the procedure has returned',
    errors: [
      'EBADF',
      'EINVAL',
      'EFAULT',
      'EBUSY',
      'EAGAIN',
      'ECALLFAILED',
      'ECALLABORTED',
      'ETIMEDOUT',
      'ENOMEM',
      'EIO',
    ],
    summary:
      'Calls a procedure: the thread goes on in the server. After so many cycles (0: never) another one goes on in its place, with ETIMEDOUT, as after lrpcAbort. EFAULT: that is no A-stack of it. EBUSY: the A-stack is in use. EAGAIN: the server has no E-stack left.',
  },
  {
    name: 'lrpcReturn',
    number: 55,
    arguments: [],
    gives: 'does not return, but in the caller',
    errors: ['EPERM'],
    summary: 'Ends the call that the thread is in. EPERM: it is in none.',
  },
  {
    name: 'lrpcGrow',
    number: 56,
    arguments: [
      { name: 'binding', kind: 'lrpcBinding' },
      { name: 'procedure', kind: 'procedure' },
    ],
    gives: 'the address of the first of as many A-stacks as the procedure had at first',
    errors: ['EBADF', 'EINVAL', 'ECALLFAILED', 'ENOMEM'],
    summary: 'Adds A-stacks of a procedure to a binding. They take longer to check than the first ones.',
  },
  {
    name: 'lrpcAbort',
    number: 57,
    arguments: [{ name: 'thread', kind: 'thread' }],
    gives: '0',
    errors: ['ESRCH', 'EAGAIN', 'EDEADLK', 'ENOMEM'],
    summary:
      'Gives a thread of this process, which is in another one, a replacement: its call gives ECALLABORTED. EAGAIN: it is in no call.',
  },
  {
    name: 'ppcAccept',
    number: 80,
    arguments: [
      { name: 'port', kind: 'port' },
      { name: 'address', kind: 'address' },
      { name: 'capacity', kind: 'message' },
    ],
    gives: 'the procedure',
    errors: ['EBADF', 'EINVAL', 'EBUSY', 'EFAULT', 'EAGAIN', 'ECALLFAILED', 'EINTR', 'ENOMEM', 'EIO'],
    summary:
      'Makes the thread a worker of its hart for a port of protected procedure calls, and waits for a call. EBUSY: the thread has yet to return from one. EAGAIN: the caller gave up, or the thread has been moved to another hart.',
  },
  {
    name: 'ppcReturn',
    number: 81,
    arguments: [
      { name: 'port', kind: 'port' },
      { name: 'replyAddress', kind: 'address' },
      { name: 'bytes', kind: 'message' },
      { name: 'status', kind: 'count' },
      { name: 'address', kind: 'address' },
      { name: 'capacity', kind: 'message' },
    ],
    gives: 'the procedure',
    errors: ['EBADF', 'EINVAL', 'EBUSY', 'EFAULT', 'EAGAIN', 'ECALLFAILED', 'EINTR', 'ENOMEM', 'EIO'],
    summary: 'Returns from a call, if somebody waits for it, and waits for the next one.',
  },
  {
    name: 'ppcCall',
    number: 82,
    arguments: [
      { name: 'binding', kind: 'binding' },
      { name: 'procedure', kind: 'count' },
      { name: 'address', kind: 'address' },
      { name: 'sizes', kind: 'sizes' },
      { name: 'replyAddress', kind: 'address' },
      { name: 'timeout', kind: 'cycles' },
    ],
    gives: 'the server’s status',
    errors: [
      'EBADF',
      'EINVAL',
      'ESRCH',
      'EFAULT',
      'EMSGSIZE',
      'ECALLFAILED',
      'ETIMEDOUT',
      'EINTR',
      'ENOMEM',
      'EIO',
    ],
    summary:
      'Protected procedure call: lends the hart to a worker of this hart. `sizes` and time-out as in portCall. ESRCH: there is no worker here.',
  },
  {
    name: 'ppcCallOn',
    number: 83,
    arguments: [
      { name: 'binding', kind: 'binding' },
      { name: 'procedure', kind: 'count' },
      { name: 'address', kind: 'address' },
      { name: 'sizes', kind: 'sizes' },
      { name: 'replyAddress', kind: 'address' },
      { name: 'hart', kind: 'hart' },
    ],
    gives: 'the server’s status',
    errors: ['EBADF', 'EINVAL', 'ESRCH', 'EFAULT', 'EMSGSIZE', 'ECALLFAILED', 'EINTR', 'ENOMEM', 'EIO'],
    summary: 'Calls a worker of another hart, by an interrupt. ESRCH: there is no worker there.',
  },
  {
    name: 'ppcSend',
    number: 84,
    arguments: [
      { name: 'binding', kind: 'binding' },
      { name: 'procedure', kind: 'count' },
      { name: 'address', kind: 'address' },
      { name: 'bytes', kind: 'message' },
      { name: 'hart', kind: 'hart' },
    ],
    gives: '0',
    errors: ['EBADF', 'EINVAL', 'EFAULT', 'EAGAIN', 'ECALLFAILED', 'ENOMEM', 'EIO'],
    summary:
      'Asynchronous call: a worker of a hart carries it out some time, and nobody hears what comes of it. EAGAIN: too many are on their way there.',
  },
  {
    name: 'ppcCallOnWithin',
    number: 85,
    arguments: [
      { name: 'binding', kind: 'binding' },
      { name: 'procedure', kind: 'count' },
      { name: 'address', kind: 'address' },
      { name: 'sizes', kind: 'sizes' },
      { name: 'replyAddress', kind: 'address' },
      { name: 'target', kind: 'address' },
    ],
    gives: 'the server’s status',
    errors: [
      'EBADF',
      'EINVAL',
      'ESRCH',
      'EFAULT',
      'EMSGSIZE',
      'ECALLFAILED',
      'ETIMEDOUT',
      'EINTR',
      'ENOMEM',
      'EIO',
    ],
    summary:
      'As ppcCallOn, with a time-out. `target`: address of two words, the hart and the cycles (0: for ever).',
  },
  {
    name: 'lrpcSegment',
    number: 86,
    arguments: [
      { name: 'binding', kind: 'lrpcBinding' },
      { name: 'procedure', kind: 'procedure' },
      { name: 'aStack', kind: 'address' },
      { name: 'bytes', kind: 'length' },
    ],
    gives: 'its address, or 0',
    errors: ['EBADF', 'EINVAL', 'EFAULT', 'EBUSY', 'EMSGSIZE', 'ECALLFAILED', 'ENOMEM'],
    summary:
      'Ties a segment of so many bytes at least (0: none) to an A-stack, for arguments and results that this has no room for. It stays until a larger one takes its place or the binding goes. EBUSY: the A-stack is in use.',
  },
  {
    name: 'lrpcSegmentHere',
    number: 87,
    arguments: [{ name: 'bytes', kind: 'length' }],
    gives: 'its address',
    errors: ['EPERM', 'EMSGSIZE'],
    summary:
      'Where the server finds the segment of the call that the thread is in. EMSGSIZE: it has not so many bytes. EPERM: the thread is in no call.',
  },
  {
    name: 'diskRead',
    number: 90,
    arguments: [
      { name: 'block', kind: 'block' },
      { name: 'address', kind: 'address' },
      { name: 'blocks', kind: 'count' },
    ],
    gives: '0',
    errors: ['EPERM', 'EINVAL', 'EFAULT', 'ENOMEM', 'EIO'],
    summary:
      'Reads blocks of the disk into one page of memory, by DMA. EPERM: the disk was not given to this process at the boot.',
  },
  {
    name: 'diskWrite',
    number: 91,
    arguments: [
      { name: 'block', kind: 'block' },
      { name: 'address', kind: 'address' },
      { name: 'blocks', kind: 'count' },
    ],
    gives: '0',
    errors: ['EPERM', 'EINVAL', 'EFAULT', 'ENOMEM', 'EIO'],
    summary: 'Writes blocks of the disk from one page of memory. They are on the disk when it returns.',
  },
  {
    name: 'diskBlocks',
    number: 92,
    arguments: [],
    gives: 'the number of blocks',
    errors: ['EPERM'],
    summary: 'How many blocks the disk has, before those that the kernel swaps to.',
  },
  {
    name: 'caller',
    number: 93,
    arguments: [],
    gives: 'the process number',
    errors: ['ESRCH'],
    summary:
      'The process whose call the thread carries out. ESRCH: it carries out none, or the caller has ended.',
  },
  {
    name: 'processEnds',
    number: 94,
    arguments: [{ name: 'seen', kind: 'word' }],
    gives: 'how many processes have ended',
    errors: ['EINVAL', 'EINTR', 'ESHUTDOWN'],
    summary:
      'Waits until the number of processes that have ended is not `seen` any more. ESHUTDOWN: no process is left but servers.',
  },
  {
    name: 'processIsLive',
    number: 95,
    arguments: [{ name: 'process', kind: 'process' }],
    gives: '1 or 0',
    errors: [],
    summary: 'Whether there is a process of this number that has not ended.',
  },
  {
    name: 'fileWindow',
    number: 96,
    arguments: [
      { name: 'key', kind: 'word' },
      { name: 'pages', kind: 'count' },
    ],
    gives: 'the address',
    errors: ['EPERM', 'EINVAL', 'ENOMEM'],
    summary:
      'Maps a file into the memory of the server that has the disk, which knows it by the key and is asked for its pages (pagerAccept).',
  },
  {
    name: 'fileShare',
    number: 97,
    arguments: [
      { name: 'window', kind: 'address' },
      { name: 'address', kind: 'address' },
      { name: 'pages', kind: 'count' },
      { name: 'offset', kind: 'count' },
      { name: 'flags', kind: 'flags' },
    ],
    gives: 'the address',
    errors: ['EPERM', 'EINVAL', 'EFAULT', 'ENOMEM', 'EOPNOTSUPP'],
    summary:
      'Maps pages of a window into the process whose call by LRPC the thread carries out. EFAULT: there is no such window. EOPNOTSUPP: it carries out none.',
  },
  {
    name: 'fileSync',
    number: 98,
    arguments: [{ name: 'window', kind: 'address' }],
    gives: 'how many others have it mapped',
    errors: ['EPERM', 'EFAULT', 'EIO'],
    summary: 'Writes back what anybody has written to the pages of a window.',
  },
  {
    name: 'fileTouch',
    number: 99,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'writes', kind: 'word' },
    ],
    gives: '0',
    errors: ['EPERM', 'EFAULT', 'ENOMEM', 'EIO'],
    summary: 'Brings the page of an address in, so that the server hears of an error before it touches it.',
  },
  {
    name: 'pagerAccept',
    number: 100,
    arguments: [{ name: 'address', kind: 'address' }],
    gives: '0',
    errors: ['EPERM', 'EFAULT', 'ENOMEM', 'EINTR', 'EIO'],
    summary:
      'Waits until a page of a window is wanted, and stores PAGE_REQUEST: what names the request, whether the page is to be written, the key, the page.',
  },
  {
    name: 'pagerReply',
    number: 101,
    arguments: [
      { name: 'request', kind: 'word' },
      { name: 'address', kind: 'address' },
      { name: 'pieces', kind: 'count' },
    ],
    gives: '0',
    errors: ['EPERM', 'EINVAL', 'EFAULT', 'ENOMEM', 'ESRCH', 'EIO'],
    summary:
      'Says on which blocks of the disk the page lies: a word for each of 1, 2, 4 or 8 pieces; 0: it is a hole. The kernel reads or writes it. With 0 pieces the page cannot be had.',
  },
  {
    name: 'mprotect',
    number: 110,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
      { name: 'rights', kind: 'rights' },
    ],
    gives: '0',
    errors: ['EINVAL', 'EFAULT', 'EPERM', 'ENOMEM'],
    summary:
      'Gives pages other rights: of MAP.READ and MAP.WRITE, or none. EFAULT: some of them are not mapped. EPERM: they were granted to be read. With an error nothing has changed.',
  },
  {
    name: 'msync',
    number: 111,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
    ],
    gives: '0',
    errors: ['EINVAL', 'EFAULT', 'EIO'],
    summary:
      'Writes the pages of a range that have been stored to back to the disk, and waits for that. EFAULT: some of them are not mapped; those before have been written.',
  },
  {
    name: 'madvise',
    number: 112,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
      { name: 'advice', kind: 'policy' },
    ],
    gives: '0',
    errors: ['EINVAL', 'EFAULT', 'ENOMEM', 'EIO'],
    summary:
      'Says what becomes of pages, one of ADVICE: WILLNEED brings them into memory; DONTNEED makes private ones what they were when they were mapped, zeroes or what is on the disk.',
  },
  {
    name: 'fork',
    number: 113,
    arguments: [
      { name: 'entry', kind: 'code' },
      { name: 'argument', kind: 'word' },
      { name: 'hart', kind: 'hart' },
    ],
    gives: 'the process number',
    errors: ['EINVAL', 'ENOMEM', 'EAGAIN'],
    summary:
      'Starts a process as spawn does, whose private memory is a copy of the caller’s, made on write; shared memory is shared with it. It has no handle of the caller’s.',
  },
  {
    name: 'regionGrant',
    number: 114,
    arguments: [
      { name: 'process', kind: 'process' },
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
      { name: 'rights', kind: 'rights' },
    ],
    gives: 'the grant',
    errors: ['EINVAL', 'ESRCH', 'EFAULT', 'EPERM', 'ENOMEM'],
    summary:
      'Lets another process map pages of one shared region, with rights that the caller has. The handle is good in that process, and for nobody else. EINVAL: the region is not shared.',
  },
  {
    name: 'regionAttach',
    number: 115,
    arguments: [
      { name: 'grant', kind: 'grant' },
      { name: 'address', kind: 'address' },
      { name: 'flags', kind: 'flags' },
    ],
    gives: 'the address',
    errors: ['EBADF', 'EINVAL', 'EPERM', 'ENOMEM'],
    summary:
      'Maps what another process has granted; flags are MAP.READ, MAP.WRITE and MAP.FIXED. EPERM: with more rights than were granted.',
  },
  {
    name: 'regionRevoke',
    number: 116,
    arguments: [{ name: 'grant', kind: 'grant' }],
    gives: '0',
    errors: ['EBADF'],
    summary: 'Takes a grant of the caller’s back. What has been mapped by it stays mapped.',
  },
  {
    name: 'memoryPlace',
    number: 120,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'placement', kind: 'policy' },
      { name: 'node', kind: 'count' },
    ],
    gives: '0',
    errors: ['EINVAL', 'EFAULT'],
    summary:
      'Says on which node pages of the mapping at an address are to lie (PLACEMENT), from the next one on that is brought in. `node` counts for BIND only.',
  },
  {
    name: 'threadSetAffinity',
    number: 130,
    arguments: [
      { name: 'thread', kind: 'thread' },
      { name: 'address', kind: 'address' },
      { name: 'words', kind: 'count' },
    ],
    gives: '0',
    errors: ['EINVAL', 'ESRCH', 'EFAULT', 'ENOMEM', 'EIO'],
    summary:
      'Says on which harts a thread of this process (0: the caller) may run: the bits of so many words, hart 0 first. If it is on another hart, it goes to the nearest of them. EINVAL: no hart is in the set, or one that does not exist.',
  },
  {
    name: 'threadGetAffinity',
    number: 131,
    arguments: [
      { name: 'thread', kind: 'thread' },
      { name: 'address', kind: 'address' },
      { name: 'words', kind: 'count' },
    ],
    gives: '0',
    errors: ['EINVAL', 'ESRCH', 'EFAULT', 'ENOMEM', 'EIO'],
    summary:
      'Stores the set of harts on which a thread may run. One that was spawned on a hart by number has that one alone; others have all.',
  },
  {
    name: 'threadSetPriority',
    number: 132,
    arguments: [
      { name: 'thread', kind: 'thread' },
      { name: 'priority', kind: 'priority' },
    ],
    gives: '0',
    errors: ['EINVAL', 'ESRCH'],
    summary: 'Sets the priority of a thread: 0 to 31, at first 16. Only policies with priorities look at it.',
  },
  {
    name: 'threadGetPriority',
    number: 133,
    arguments: [{ name: 'thread', kind: 'thread' }],
    gives: 'the priority',
    errors: ['ESRCH'],
    summary: 'Gives the priority of a thread.',
  },
  {
    name: 'threadSetClass',
    number: 134,
    arguments: [
      { name: 'thread', kind: 'thread' },
      { name: 'class', kind: 'policy' },
    ],
    gives: '0',
    errors: ['EINVAL', 'ESRCH'],
    summary:
      'Sets the class of a thread for the scheduler: normal (0), first in, first out (1: before all others, without time slices), idle (2: after all others). Only policies with priorities look at it.',
  },
  {
    name: 'threadGetClass',
    number: 135,
    arguments: [{ name: 'thread', kind: 'thread' }],
    gives: 'the class',
    errors: ['ESRCH'],
    summary: 'Gives the class of a thread.',
  },
  {
    name: 'yieldTo',
    number: 136,
    arguments: [{ name: 'thread', kind: 'thread' }],
    gives: '0',
    errors: ['ESRCH', 'EAGAIN'],
    summary:
      'Gives the hart to a certain thread of this process. EAGAIN: it is not ready, or may not run on this hart; nothing happens.',
  },
  {
    name: 'pageUnmap',
    number: 150,
    arguments: [
      { name: 'address', kind: 'address' },
      { name: 'length', kind: 'length' },
    ],
    gives: '0',
    errors: ['EINVAL', 'EFAULT'],
    summary:
      'Takes the pages of a range of one region out of the page table and every TLB. They stay in memory: who touches one next has a page fault that finds it there.',
  },
] as const satisfies readonly SyscallRow[];

export type SyscallName = (typeof SYSCALLS)[number]['name'];

/** System-call numbers by name. */
export const SYSCALL = Object.freeze(
  Object.fromEntries(SYSCALLS.map((row) => [row.name, row.number])),
) as Readonly<Record<SyscallName, number>>;

/** The name of a system-call number, for messages. */
export const syscallName = (number: number): string =>
  SYSCALLS.find((row) => row.number === number)?.name ?? `system call ${number}`;
