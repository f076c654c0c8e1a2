/** Which procedure handles which system call: one handler for every row of the ABI's table. */
import type { Code } from '../../hw/isa/index.ts';
import { type SyscallName, SYSCALLS } from '../abi/syscalls.ts';
import { threadGetAffinity, threadSetAffinity } from './affinity.ts';
import { consoleWrite } from './console.ts';
import { counterAdd, counterCreate, counterDestroy, counterRead, counterReplace } from './counter.ts';
import { futexWait, futexWake } from './futex.ts';
import { regionAttach, regionGrant, regionRevoke } from './grant.ts';
import { clock, currentHart, currentNode, currentProcess, currentThread, hartCount } from './information.ts';
import {
  lrpcAbort,
  lrpcBind,
  lrpcCall,
  lrpcExport,
  lrpcGrow,
  lrpcReturn,
  lrpcSegment,
  lrpcSegmentHere,
  lrpcUnbind,
  lrpcWithdraw,
} from './lrpc.ts';
import { madvise, memoryPlace, mmap, mprotect, msync, munmap, pageUnmap, regionReplace } from './memory.ts';
import {
  portBind,
  portCall,
  portClose,
  portCreate,
  portReceive,
  portReply,
  portReplyReceive,
} from './port.ts';
import { ppcAccept, ppcCall, ppcCallOn, ppcCallOnWithin, ppcReturn, ppcSend } from './ppc.ts';
import { exit, fork, kill, migrate, spawn, wait } from './process.ts';
import {
  threadGetClass,
  threadGetPriority,
  threadSetClass,
  threadSetPriority,
  yieldTo,
} from './scheduling.ts';
import {
  lockConsistent,
  mutexCreate,
  mutexLock,
  mutexUnlock,
  rwlockCreate,
  rwlockRead,
  rwlockUnlock,
  rwlockWrite,
} from './sync-locks.ts';
import {
  barrierCreate,
  barrierWait,
  conditionCreate,
  conditionWait,
  conditionWake,
  semaphoreCreate,
  semaphorePost,
  semaphoreWait,
  syncDestroy,
} from './sync.ts';
import { caller, diskBlocks, diskRead, diskWrite, processEnds, processIsLive } from './server.ts';
import { fileShare, fileSync, fileTouch, fileWindow, pagerAccept, pagerReply } from './file.ts';
import { sleep, threadExit, threadJoin, threadSpawn, yieldHart } from './thread.ts';

/** Handles a call of `thread`; gives the result word. */
export type Handle = (
  thread: number,
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  a4: number,
  a5: number,
) => Code<number>;

const HANDLES: Readonly<Record<SyscallName, Handle>> = Object.freeze({
  exit,
  spawn,
  wait,
  kill,
  threadSpawn,
  threadExit,
  threadJoin,
  yield: yieldHart,
  sleep,
  mmap,
  munmap,
  futexWait,
  futexWake,
  consoleWrite,
  clock,
  currentHart,
  currentNode,
  currentProcess,
  currentThread,
  hartCount,
  counterCreate,
  counterAdd,
  counterRead,
  counterReplace,
  counterDestroy,
  regionReplace,
  migrate,
  portCreate,
  portBind,
  portClose,
  portCall,
  portReceive,
  portReply,
  portReplyReceive,
  lrpcExport,
  lrpcWithdraw,
  lrpcBind,
  lrpcUnbind,
  lrpcCall,
  lrpcReturn,
  lrpcGrow,
  lrpcAbort,
  ppcAccept,
  ppcReturn,
  ppcCall,
  ppcCallOn,
  ppcSend,
  ppcCallOnWithin,
  lrpcSegment,
  lrpcSegmentHere,
  diskRead,
  diskWrite,
  diskBlocks,
  caller,
  processEnds,
  processIsLive,
  fileWindow,
  fileShare,
  fileSync,
  fileTouch,
  pagerAccept,
  pagerReply,
  mutexCreate,
  mutexLock,
  mutexUnlock,
  rwlockCreate,
  rwlockRead,
  rwlockWrite,
  rwlockUnlock,
  lockConsistent,
  conditionCreate,
  conditionWait,
  conditionWake,
  semaphoreCreate,
  semaphoreWait,
  semaphorePost,
  barrierCreate,
  barrierWait,
  syncDestroy,
  mprotect,
  msync,
  madvise,
  fork,
  regionGrant,
  regionAttach,
  regionRevoke,
  memoryPlace,
  threadSetAffinity,
  threadGetAffinity,
  threadSetPriority,
  threadGetPriority,
  threadSetClass,
  threadGetClass,
  yieldTo,
  pageUnmap,
});

/** After these the thread may go on in another user context, whose registers are its own. */
const TRANSFERS: readonly SyscallName[] = Object.freeze(['lrpcCall', 'lrpcReturn']);

interface Handler {
  readonly arguments: number;
  readonly transfers: boolean;
  readonly handle: Handle;
}

/** By call number; numbers that are not given are holes. */
const HANDLERS: readonly (Handler | undefined)[] = Object.freeze(
  Array.from({ length: Math.max(...SYSCALLS.map(({ number }) => number)) + 1 }, (_, number) => {
    const row = SYSCALLS.find((each) => each.number === number);
    return (
      row &&
      Object.freeze({
        arguments: row.arguments.length,
        transfers: TRANSFERS.includes(row.name),
        handle: HANDLES[row.name],
      })
    );
  }),
);

/** The handler of a call number, if there is one. */
export const handlerOf = (number: number): Handler | undefined => HANDLERS[number];
