/**
 * The disk for a server: blocks go between the disk and the server's own memory by DMA. The page is held meanwhile, so that
 * its frame stays. What was written is on the disk when the call returns; the disk keeps nothing back.
 *
 * *Locking:* see disk.ts.
 */
import { DISK, DISK_BLOCK, DISK_COMMAND } from '../../hw/address-map.ts';
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { GLOBAL, NODE_BLOCK, PAGE_SIZE } from '../layout.ts';
import { PROCESS, recordOf, SYSTEM } from '../processes/process.ts';
import { THREAD } from '../threads/thread.ts';
import { pin, unpin } from '../vm/pin.ts';
import { diskTransfer } from './disk.ts';

/** Whether the domain that a thread executes in has been given the disk. */
export function* hasDisk(thread: number): Code<boolean> {
  const record = yield* recordOf(yield load(thread + THREAD.process));
  return ((yield load(record + PROCESS.system)) & SYSTEM.disk) !== 0;
}

/** Whether the disk belongs to a server, so that nobody maps it. */
export function* isDiskOwned(): Code<boolean> {
  return (yield load(GLOBAL + NODE_BLOCK.diskOwned)) !== 0;
}

/** Blocks of the disk that come before the kernel's swap. */
export function* usableBlocks(): Code<number> {
  return (yield load(DISK.BLOCKS)) - (yield load(GLOBAL + NODE_BLOCK.swapSlots)) * (PAGE_SIZE / DISK_BLOCK);
}

// DOC: user-disk
/** Moves `blocks` blocks from `block` on; gives 0 or EPERM, EINVAL, EFAULT, ENOMEM, EIO. */
export function* moveBlocks(
  thread: number,
  command: number,
  block: number,
  address: number,
  blocks: number,
): Code<number> {
  if (!(yield* hasDisk(thread))) return ERROR.EPERM;
  const all = yield* usableBlocks();
  const sound = block >= 0 && blocks > 0 && blocks <= all && block <= all - blocks;
  const inPage = (address & (PAGE_SIZE - 1)) + blocks * DISK_BLOCK <= PAGE_SIZE;
  if (!sound || !inPage || (address & (DISK_BLOCK - 1)) !== 0) return ERROR.EINVAL;
  const access = command === DISK_COMMAND.read ? 'store' : 'load';
  const page = yield* pin(yield load(thread + THREAD.process), address, access);
  if (page.kind === 'refused') return page.error;
  const result = yield* diskTransfer(command, block, page.physical, blocks);
  yield* unpin(page);
  return result;
}
