/**
 * The content of a file: byte ranges of it, by way of the block cache. What is beyond the end, or in a hole, is zero.
 *
 * *Locking:* the inode's lock; that of one buffer at a time.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { BUFFER, changeBuffer, readBuffer, releaseBuffer } from './block-cache.ts';
import { mapBlock } from './block-map.ts';
import { copyBytes, zeroBytes } from './bytes.ts';
import { FIELD, INODE, sizeOf, touch } from './inode.ts';
import { truncate } from './truncate.ts';
import { blockSizeOf } from './volume.ts';
import { endWindow, inWindow, readWindow, writeWindow } from './window.ts';

/** Bytes of the largest file: positions are words that are not negative. */
export const MOST_BYTES = 0x7fff_ffff;

// DOC: read-file
/** Reads up to `count` bytes from `offset` on; gives how many there were, or EIO. */
export function* readFile(
  volume: number,
  inode: number,
  offset: number,
  to: number,
  count: number,
): Code<number> {
  const size = yield* blockSizeOf(volume);
  const end = Math.min(offset + count, yield* sizeOf(inode));
  let done = 0;
  while (offset + done < end) {
    const at = (offset + done) % size;
    const part = Math.min(size - at, end - offset - done);
    const result = yield* readPart(volume, inode, ((offset + done) / size) | 0, at, to + done, part);
    // What was read before is not lost: the error comes with the next read.
    if (result !== 0) return done > 0 ? done : result;
    done += part;
  }
  return done;
}

function* readPart(
  volume: number,
  inode: number,
  index: number,
  at: number,
  to: number,
  bytes: number,
): Code<number> {
  const window = yield* inWindow(inode, index * (yield* blockSizeOf(volume)) + at);
  if (window !== 0) return yield* readWindow(window, to, bytes);
  const block = yield* mapBlock(volume, inode, index, 'leave');
  if (block < 0) return block;
  if (block === 0) {
    yield* zeroBytes(to, bytes);
    return 0;
  }
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  yield* copyBytes(to, (yield load(buffer + BUFFER.DATA)) + at, bytes);
  yield* releaseBuffer(volume, buffer);
  return 0;
}

// DOC: write-file
/** Writes `count` bytes from `offset` on; gives how many were written, or EFBIG, ENOSPC, EIO if none. */
export function* writeFile(
  volume: number,
  inode: number,
  offset: number,
  from: number,
  count: number,
): Code<number> {
  if (count > 0 && offset >= MOST_BYTES) return ERROR.EFBIG;
  const size = yield* blockSizeOf(volume);
  const end = Math.min(offset + count, MOST_BYTES);
  let [done, result] = [0, 0];
  while (offset + done < end && result === 0) {
    const at = (offset + done) % size;
    const part = Math.min(size - at, end - offset - done);
    result = yield* writePart(volume, inode, ((offset + done) / size) | 0, at, from + done, part);
    if (result === 0) done += part;
  }
  if (done > 0) {
    if (offset + done > (yield* sizeOf(inode))) yield store(inode + FIELD.SIZE, offset + done);
    yield* touch(volume, inode, true);
  }
  return done > 0 ? done : result;
}

function* writePart(
  volume: number,
  inode: number,
  index: number,
  at: number,
  from: number,
  bytes: number,
): Code<number> {
  const size = yield* blockSizeOf(volume);
  const window = yield* inWindow(inode, index * size + at);
  if (window !== 0) return yield* writeWindow(volume, inode, index, window, from, bytes);
  const isMapped = (yield load(inode + INODE.WINDOW)) !== 0;
  if (isMapped) yield* new FutexMutex(inode + INODE.MAP_LOCK).acquire();
  const block = yield* mapBlock(volume, inode, index, bytes === size ? 'overwrite' : 'fill');
  if (isMapped) yield* new FutexMutex(inode + INODE.MAP_LOCK).release();
  if (block < 0) return block;
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  yield* copyBytes((yield load(buffer + BUFFER.DATA)) + at, from, bytes);
  yield* changeBuffer(buffer, yield load(inode + INODE.NUMBER), false);
  yield* releaseBuffer(volume, buffer);
  return 0;
}

/** Gives a file another length; gives 0 or EIO, or EBUSY: one that is mapped does not become shorter. */
export function* resizeFile(volume: number, inode: number, length: number): Code<number> {
  const old = yield* sizeOf(inode);
  if (length < old) {
    const mapped = yield* endWindow(volume, inode);
    if (mapped !== 0) return mapped;
    const result = yield* zeroTail(volume, inode, length);
    return result !== 0 ? result : yield* truncate(volume, inode, length);
  }
  yield store(inode + FIELD.SIZE, length);
  yield* touch(volume, inode, true);
  return 0;
}

/** What lies behind the new end in its block is zero when the file grows again. */
function* zeroTail(volume: number, inode: number, length: number): Code<number> {
  const size = yield* blockSizeOf(volume);
  const at = length % size;
  const block = at === 0 ? 0 : yield* mapBlock(volume, inode, (length / size) | 0, 'leave');
  if (block <= 0) return block;
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  yield* zeroBytes((yield load(buffer + BUFFER.DATA)) + at, size - at);
  yield* changeBuffer(buffer, yield load(inode + INODE.NUMBER), false);
  yield* releaseBuffer(volume, buffer);
  return 0;
}
