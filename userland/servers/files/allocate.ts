/**
 * Allocation of blocks and inodes: near a wanted place first, then in the other groups. What is taken is marked in memory;
 * the mark reaches the disk before anything that points to it (groups.ts).
 *
 * *Locking:* see groups.ts; one group's lock at a time.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { clearBit, takeBit } from './bitmap.ts';
import { BITMAP, bitmapOf, DESCRIPTOR, descriptorOf, GROUP, lockedCount, stateOf } from './groups.ts';
import { countFree, SUPER } from './superblock.ts';
import { VOLUME } from './volume.ts';

/** Takes a block, the one at `goal` if it is free; gives its number, or ENOSPC. */
export function* allocateBlock(volume: number, goal: number): Code<number> {
  const first = yield load(volume + VOLUME.FIRST_BLOCK);
  const perGroup = yield load(volume + VOLUME.BLOCKS_PER_GROUP);
  const groups = yield load(volume + VOLUME.GROUPS);
  const blocks = yield load(volume + VOLUME.BLOCKS);
  const near = Math.max(0, goal - first);
  for (let index = 0; index < groups; index++) {
    const group = (((near / perGroup) | 0) + index) % groups;
    const bits = Math.min(perGroup, blocks - first - group * perGroup);
    const bit = yield* take(volume, group, BITMAP.blocks, bits, index === 0 ? near % perGroup : 0);
    if (bit < 0) continue;
    yield* countFree(volume, SUPER.FREE_BLOCKS, -1);
    return first + group * perGroup + bit;
  }
  return ERROR.ENOSPC;
}

/** Gives a block back, to which nothing on the disk points any more. */
export function* freeBlock(volume: number, block: number): Code {
  const at = block - (yield load(volume + VOLUME.FIRST_BLOCK));
  const perGroup = yield load(volume + VOLUME.BLOCKS_PER_GROUP);
  if (at < 0 || block >= (yield load(volume + VOLUME.BLOCKS))) return;
  if (yield* give(volume, (at / perGroup) | 0, BITMAP.blocks, at % perGroup))
    yield* countFree(volume, SUPER.FREE_BLOCKS, 1);
}

/** Takes an inode near its directory's; gives its number, or ENOSPC. */
export function* allocateInode(volume: number, directory: number, isDirectory: boolean): Code<number> {
  const perGroup = yield load(volume + VOLUME.INODES_PER_GROUP);
  const groups = yield load(volume + VOLUME.GROUPS);
  const reserved = (yield load(volume + VOLUME.FIRST_INODE)) - 1;
  for (let index = 0; index < groups; index++) {
    const group = ((((directory - 1) / perGroup) | 0) + index) % groups;
    const from = group === 0 ? reserved : 0;
    const bit = yield* take(volume, group, BITMAP.inodes, perGroup, from);
    if (bit < 0) continue;
    if (isDirectory) yield* countDirectory(volume, group, 1);
    yield* countFree(volume, SUPER.FREE_INODES, -1);
    return group * perGroup + bit + 1;
  }
  return ERROR.ENOSPC;
}

/** Gives an inode back, which no entry of a directory on the disk names any more. */
export function* freeInode(volume: number, number: number, isDirectory: boolean): Code {
  const perGroup = yield load(volume + VOLUME.INODES_PER_GROUP);
  const group = ((number - 1) / perGroup) | 0;
  if (isDirectory) yield* countDirectory(volume, group, -1);
  if (yield* give(volume, group, BITMAP.inodes, (number - 1) % perGroup))
    yield* countFree(volume, SUPER.FREE_INODES, 1);
}

const freeField = (which: number): number =>
  which === BITMAP.blocks ? DESCRIPTOR.FREE_BLOCKS : DESCRIPTOR.FREE_INODES;

function* take(volume: number, group: number, which: number, bits: number, from: number): Code<number> {
  const state = yield* stateOf(volume, group);
  const lock = new FutexMutex(state + GROUP.LOCK);
  yield* lock.acquire();
  const bit = yield* takeBit(yield* bitmapOf(volume, group, which), bits, from);
  if (bit >= 0) {
    yield store(state + GROUP.CHANGED, (yield load(state + GROUP.CHANGED)) | (1 << which));
    yield* lockedCount(yield* descriptorOf(volume, group), freeField(which), -1);
  }
  yield* lock.release();
  return bit;
}

function* give(volume: number, group: number, which: number, bit: number): Code<boolean> {
  const state = yield* stateOf(volume, group);
  const lock = new FutexMutex(state + GROUP.LOCK);
  yield* lock.acquire();
  const was = yield* clearBit(yield* bitmapOf(volume, group, which), bit);
  if (was) {
    yield store(state + GROUP.CHANGED, (yield load(state + GROUP.CHANGED)) | (1 << which));
    yield* lockedCount(yield* descriptorOf(volume, group), freeField(which), 1);
  }
  yield* lock.release();
  return was;
}

function* countDirectory(volume: number, group: number, by: number): Code {
  const lock = new FutexMutex((yield* stateOf(volume, group)) + GROUP.LOCK);
  yield* lock.acquire();
  yield* lockedCount(yield* descriptorOf(volume, group), DESCRIPTOR.DIRECTORIES, by);
  yield* lock.release();
}
