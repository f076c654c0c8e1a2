/** System calls for servers: those that read and write the disk, and those that say who calls and who has ended. */
import { type Code, environmentCall } from '../../hw/isa/index.ts';
import { SYSCALL } from '../../kernel/abi/index.ts';

/**
 * Reads blocks of the disk into one page of memory.
 * @returns 0, or an error (EPERM: the disk was not given to this process; EIO)
 */
export function* diskRead(block: number, address: number, blocks: number): Code<number> {
  return yield environmentCall(SYSCALL.diskRead, block, address, blocks);
}

/**
 * Writes blocks of the disk from one page of memory. They are on the disk when it returns.
 * @returns 0, or an error
 */
export function* diskWrite(block: number, address: number, blocks: number): Code<number> {
  return yield environmentCall(SYSCALL.diskWrite, block, address, blocks);
}

/**
 * How many blocks the disk has.
 * @returns their number, or EPERM
 */
export function* diskBlocks(): Code<number> {
  return yield environmentCall(SYSCALL.diskBlocks);
}

/**
 * The process whose call the thread carries out.
 * @returns its number, or ESRCH
 */
export function* caller(): Code<number> {
  return yield environmentCall(SYSCALL.caller);
}

/**
 * Waits until the number of processes that have ended is not `seen` any more.
 * @returns that number, or an error (ESHUTDOWN: no process is left but servers)
 */
export function* processEnds(seen: number): Code<number> {
  return yield environmentCall(SYSCALL.processEnds, seen);
}

/**
 * Whether there is a process of this number that has not ended.
 * @returns 1 or 0
 */
export function* processIsLive(process: number): Code<number> {
  return yield environmentCall(SYSCALL.processIsLive, process);
}
