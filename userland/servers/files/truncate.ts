/**
 * Shortening a file. What is cut off stops being pointed to on the disk first, and is given back then: so it never belongs
 * to two files, whenever the power fails.
 *
 * Pointers are cut in one place at a time: from the inode, or from one block of pointers. Those that were cut are kept in
 * the volume's block of scratch until what is below them is free.
 *
 * *Locking:* the inode's lock; `TRIM` of the volume guards the scratch.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { freeBlock } from './allocate.ts';
import { BUFFER, changeBuffer, forgetBuffer, readBuffer, releaseBuffer, writeBuffer } from './block-cache.ts';
import { placeOf } from './block-map.ts';
import { DIRECT, FIELD, INODE, POINTERS, touch } from './inode.ts';
import { putInode } from './inode-block.ts';
import { blockSizeOf, VOLUME } from './volume.ts';

// DOC: truncate
/** Shortens a locked file, or directory, to a length; gives 0 or EIO. */
export function* truncate(volume: number, inode: number, length: number): Code<number> {
  const size = yield* blockSizeOf(volume);
  const trim = new FutexMutex(volume + VOLUME.TRIM);
  yield* trim.acquire();
  yield store(inode + FIELD.SIZE, length);
  yield* touch(volume, inode, true);
  const result = yield* cutInode(volume, inode, Math.ceil(length / size), size / 4);
  yield* trim.release();
  return result;
}

/** Depth of what a pointer of the inode points to. */
const depthOf = (slot: number): number => Math.max(0, slot - DIRECT + 1);

/** Cuts every pointer of the inode to blocks from `keep` on. */
function* cutInode(volume: number, inode: number, keep: number, perBlock: number): Code<number> {
  const scratch = yield load(volume + VOLUME.SCRATCH);
  // The last pointer that is kept, perhaps in part.
  const edge = keep === 0 ? undefined : placeOf(keep - 1, perBlock);
  const from = edge === undefined ? 0 : edge.slot + 1;
  for (let slot = from; slot < POINTERS; slot++) {
    const at = inode + FIELD.POINTERS + 4 * slot;
    yield store(scratch + 4 * slot, yield load(at));
    yield store(at, 0);
  }
  const written = yield* putInode(volume, inode, true);
  if (written !== 0) return written;
  for (let slot = from; slot < POINTERS; slot++) {
    const freed = yield* freeTree(volume, inode, yield load(scratch + 4 * slot), depthOf(slot));
    if (freed !== 0) return freed;
  }
  if (edge === undefined || edge.depth === 0) return 0;
  const root = yield load(inode + FIELD.POINTERS + 4 * edge.slot);
  return root === 0 ? 0 : yield* cutBlock(volume, inode, root, edge.depth, edge.rest + 1, perBlock);
}

/** Of a block of pointers keeps those to the first `keep` blocks below it. */
function* cutBlock(
  volume: number,
  inode: number,
  block: number,
  depth: number,
  keep: number,
  perBlock: number,
): Code<number> {
  const scratch = yield load(volume + VOLUME.SCRATCH);
  const span = perBlock ** (depth - 1);
  const from = Math.ceil(keep / span);
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  const data = yield load(buffer + BUFFER.DATA);
  for (let index = from; index < perBlock; index++) {
    yield store(scratch + 4 * index, yield load(data + 4 * index));
    yield store(data + 4 * index, 0);
  }
  const edge = yield load(data + 4 * (from - 1));
  yield* changeBuffer(buffer, yield load(inode + INODE.NUMBER), true);
  const written = yield* writeBuffer(volume, buffer);
  yield* releaseBuffer(volume, buffer);
  if (written !== 0) return written;
  for (let index = from; index < perBlock; index++) {
    const freed = yield* freeTree(volume, inode, yield load(scratch + 4 * index), depth - 1);
    if (freed !== 0) return freed;
  }
  const left = keep - (from - 1) * span;
  return depth === 1 || edge === 0 || left === span
    ? 0
    : yield* cutBlock(volume, inode, edge, depth - 1, left, perBlock);
}

// DOC: free-tree
/** Gives a block back, and all below it, to which nothing on the disk points any more. */
function* freeTree(volume: number, inode: number, block: number, depth: number): Code<number> {
  if (block === 0) return 0;
  if (depth > 0) {
    const perBlock = (yield* blockSizeOf(volume)) / 4;
    const buffer = yield* readBuffer(volume, block);
    if (buffer < 0) return buffer;
    const data = yield load(buffer + BUFFER.DATA);
    let result = 0;
    for (let index = 0; index < perBlock && result === 0; index++)
      result = yield* freeTree(volume, inode, yield load(data + 4 * index), depth - 1);
    yield* releaseBuffer(volume, buffer);
    if (result !== 0) return result;
  }
  yield* forgetBuffer(volume, block);
  yield* freeBlock(volume, block);
  const sectors = yield load(volume + VOLUME.SECTORS);
  yield store(inode + FIELD.SECTORS, (yield load(inode + FIELD.SECTORS)) - sectors);
  yield store(inode + INODE.DIRTY, 1);
  return 0;
}
