/** System calls for servers: diskRead, diskWrite, diskBlocks, caller, processEnds, processIsLive. */
import { DISK_COMMAND } from '../../hw/address-map.ts';
import type { Code } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { hasDisk, moveBlocks, usableBlocks } from '../io/user-disk.ts';
import { callerOf } from '../ipc/caller.ts';
import { awaitEnds, isLive } from '../processes/ends.ts';

/** diskRead(block, address, blocks) */
export function* diskRead(thread: number, block: number, address: number, blocks: number): Code<number> {
  return yield* moveBlocks(thread, DISK_COMMAND.read, block, address, blocks);
}

/** diskWrite(block, address, blocks) */
export function* diskWrite(thread: number, block: number, address: number, blocks: number): Code<number> {
  return yield* moveBlocks(thread, DISK_COMMAND.write, block, address, blocks);
}

/** diskBlocks() */
export function* diskBlocks(thread: number): Code<number> {
  return (yield* hasDisk(thread)) ? yield* usableBlocks() : ERROR.EPERM;
}

/** caller() */
export function* caller(thread: number): Code<number> {
  return yield* callerOf(thread);
}

/** processEnds(seen) */
export function* processEnds(thread: number, seen: number): Code<number> {
  return seen < 0 ? ERROR.EINVAL : yield* awaitEnds(thread, seen);
}

/** processIsLive(process) */
export function* processIsLive(_thread: number, process: number): Code<number> {
  return yield* isLive(process);
}
