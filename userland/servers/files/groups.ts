/**
 * Block groups: the group descriptors, as the disk has them, and both bitmaps of every group, which stay in memory.
 *
 * The bits that memory has may always be written: one is set before anything on the disk points to what it stands for, and
 * cleared only when nothing on the disk does any more. So bitmaps go out before whatever points (block-cache.ts).
 *
 * *Locking:* the lock of a GROUP guards its bitmaps, its descriptor and whether they have changed.
 */
import { type Code, load, load16, store, store16 } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { readBlock, writeBlock } from './disk.ts';
import { blockSizeOf, VOLUME } from './volume.ts';

/** A group descriptor on the disk; the counts have 16 bits. */
export const DESCRIPTOR = {
  BLOCK_BITMAP: 0,
  INODE_BITMAP: 4,
  INODE_TABLE: 8,
  FREE_BLOCKS: 12,
  FREE_INODES: 14,
  DIRECTORIES: 16,
} as const;
const DESCRIPTOR_SIZE = 32;

/** What is kept of a group beside: a lock, and which of its bitmaps differ from the disk's. */
export const GROUP = { LOCK: 0, CHANGED: 4 } as const;
export const GROUP_SIZE = LINE;

/** The bitmaps of a group, by their place in CHANGED. */
export const BITMAP = { blocks: 0, inodes: 1 } as const;

/** Where the descriptor of a group lies in memory. */
export function* descriptorOf(volume: number, group: number): Code<number> {
  return (yield load(volume + VOLUME.DESCRIPTORS)) + group * DESCRIPTOR_SIZE;
}

/** Where a GROUP lies. */
export function* stateOf(volume: number, group: number): Code<number> {
  return (yield load(volume + VOLUME.GROUP_STATES)) + group * GROUP_SIZE;
}

/** Where a bitmap of a group lies in memory. */
export function* bitmapOf(volume: number, group: number, which: number): Code<number> {
  return (yield load(volume + VOLUME.BITMAPS)) + (2 * group + which) * (yield* blockSizeOf(volume));
}

/** Blocks that the descriptors take. */
export const descriptorBlocks = (groups: number, blockSize: number): number =>
  Math.ceil((groups * DESCRIPTOR_SIZE) / blockSize);

/** Reads descriptors and bitmaps; gives 0 or EIO. */
export function* readGroups(volume: number): Code<number> {
  const failed = yield* moveDescriptors(volume, readBlock);
  if (failed !== 0) return failed;
  const groups = yield load(volume + VOLUME.GROUPS);
  for (let group = 0; group < groups; group++) {
    for (const which of [BITMAP.blocks, BITMAP.inodes]) {
      const at = yield* bitmapOf(volume, group, which);
      const result = yield* readBlock(volume, yield* blockOf(volume, group, which), at);
      if (result !== 0) return result;
    }
  }
  return 0;
}

/** Writes the descriptors; gives 0 or EIO. */
export function* writeDescriptors(volume: number): Code<number> {
  return yield* moveDescriptors(volume, writeBlock);
}

function* moveDescriptors(volume: number, move: typeof readBlock): Code<number> {
  const size = yield* blockSizeOf(volume);
  const first = (yield load(volume + VOLUME.FIRST_BLOCK)) + 1;
  const blocks = descriptorBlocks(yield load(volume + VOLUME.GROUPS), size);
  for (let index = 0; index < blocks; index++) {
    const at = (yield load(volume + VOLUME.DESCRIPTORS)) + index * size;
    const result = yield* move(volume, first + index, at);
    if (result !== 0) return result;
  }
  return 0;
}

function* blockOf(volume: number, group: number, which: number): Code<number> {
  const descriptor = yield* descriptorOf(volume, group);
  return yield load(
    descriptor + (which === BITMAP.blocks ? DESCRIPTOR.BLOCK_BITMAP : DESCRIPTOR.INODE_BITMAP),
  );
}

// DOC: write-bitmaps
/** Writes every bitmap that has changed; gives 0 or EIO. When it returns, whatever was set before is on the disk. */
export function* writeBitmaps(volume: number): Code<number> {
  const groups = yield load(volume + VOLUME.GROUPS);
  let result = 0;
  for (let group = 0; group < groups; group++) {
    const state = yield* stateOf(volume, group);
    const lock = new FutexMutex(state + GROUP.LOCK);
    // Under the lock: another thread may be writing what this one has set.
    yield* lock.acquire();
    for (const which of [BITMAP.blocks, BITMAP.inodes]) {
      const changed = yield load(state + GROUP.CHANGED);
      if ((changed & (1 << which)) === 0) continue;
      const at = yield* bitmapOf(volume, group, which);
      const written = yield* writeBlock(volume, yield* blockOf(volume, group, which), at);
      if (written === 0) yield store(state + GROUP.CHANGED, changed & ~(1 << which));
      else result = written;
    }
    yield* lock.release();
  }
  return result;
}

/** Adds to a count of 16 bits in a descriptor. The caller holds the group's lock. */
export function* lockedCount(descriptor: number, field: number, by: number): Code {
  yield store16(descriptor + field, (yield load16(descriptor + field)) + by);
}
