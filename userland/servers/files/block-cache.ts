/**
 * The block cache: blocks of inode tables, directories, pointers and data, by their number. A block that was changed goes to
 * the disk later: when its buffer is wanted for another one, at an fsync or sync, or at once where an order is to be kept.
 *
 * Before a block that points to others is written, all bitmaps are: nothing on the disk ever points to what is marked free.
 * A block that cannot be written stays here as changed; whoever syncs hears of it.
 *
 * *Locking:* each bucket's lock guards its chain and the REFS of the buffers in it; a buffer's LOCK, its content, VALID and
 * DIRTY; `MISS` is held by who looks for a victim. A buffer is locked by holders of a reference only, so a victim's is free.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { LINE } from '../../runtime/line.ts';
import { yieldHart } from '../../runtime/system-calls.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { readBlock, writeBlock } from './disk.ts';
import { writeBitmaps } from './groups.ts';
import { VOLUME } from './volume.ts';

export const BUFFER = {
  BLOCK: 0,
  REFS: 4,
  NEXT: 8,
  /** Used since the hand came by last. */
  USED: 12,
  LOCK: 16,
  VALID: 20,
  DIRTY: 24,
  /** Address of the content. */
  DATA: 28,
  /** The inode that the block is of; 0 for none. */
  OWNER: 32,
  /** Whether it points to other blocks or inodes. */
  POINTS: 36,
} as const;
const BUFFER_SIZE = LINE;

const BUCKETS = 32;
const BUCKET_SIZE = LINE;
const BUCKET = { LOCK: 0, FIRST: 4 } as const;
const CACHE = { MISS: 0, HAND: 4, COUNT: 8, BUCKETS: LINE, BUFFERS: LINE + BUCKETS * BUCKET_SIZE } as const;

/** Bytes that the headers of a cache take. */
export const cacheSize = (buffers: number): number => CACHE.BUFFERS + buffers * BUFFER_SIZE;

/** Lays a cache out over memory that is zero. `data`: as many blocks, from a page on. */
export function* createCache(cache: number, buffers: number, data: number, blockSize: number): Code {
  yield store(cache + CACHE.COUNT, buffers);
  for (let index = 0; index < buffers; index++)
    yield store(cache + CACHE.BUFFERS + index * BUFFER_SIZE + BUFFER.DATA, data + index * blockSize);
}

const bucketOf = (cache: number, block: number): number =>
  cache + CACHE.BUCKETS + (block % BUCKETS) * BUCKET_SIZE;

const lockOf = (bucket: number): FutexMutex => new FutexMutex(bucket + BUCKET.LOCK);

// DOC: get-buffer
/** The buffer of a block, locked, its content VALID or not; or EIO, if no other can be written to make room. */
export function* getBuffer(volume: number, block: number): Code<number> {
  const cache = yield load(volume + VOLUME.CACHE);
  let buffer = yield* find(cache, block);
  if (buffer === 0) {
    const miss = new FutexMutex(cache + CACHE.MISS);
    yield* miss.acquire();
    buffer = (yield* find(cache, block)) || (yield* replace(volume, cache, block));
    yield* miss.release();
    if (buffer < 0) return buffer;
  }
  yield* new FutexMutex(buffer + BUFFER.LOCK).acquire();
  yield store(buffer + BUFFER.USED, 1);
  return buffer;
}

/** The buffer of a block that is here, with one reference more; 0 if there is none. */
function* find(cache: number, block: number): Code<number> {
  const bucket = bucketOf(cache, block);
  yield* lockOf(bucket).acquire();
  let buffer = yield load(bucket + BUCKET.FIRST);
  while (buffer !== 0 && (yield load(buffer + BUFFER.BLOCK)) !== block)
    buffer = yield load(buffer + BUFFER.NEXT);
  if (buffer !== 0) yield store(buffer + BUFFER.REFS, (yield load(buffer + BUFFER.REFS)) + 1);
  yield* lockOf(bucket).release();
  return buffer;
}

/** Gives a block the buffer of another, which goes round like the hand of a clock. The caller holds MISS. */
function* replace(volume: number, cache: number, block: number): Code<number> {
  const count = yield load(cache + CACHE.COUNT);
  let failed = 0;
  for (let tries = 0; failed < count; tries++) {
    if (tries > 0 && tries % (2 * count) === 0) yield* yieldHart();
    const hand = yield load(cache + CACHE.HAND);
    yield store(cache + CACHE.HAND, (hand + 1) % count);
    const buffer = cache + CACHE.BUFFERS + hand * BUFFER_SIZE;
    if ((yield load(buffer + BUFFER.USED)) !== 0) {
      yield store(buffer + BUFFER.USED, 0);
      continue;
    }
    const taken = yield* evict(volume, cache, buffer);
    if (taken < 0) failed++;
    else if (taken > 0) {
      yield* enter(cache, buffer, block);
      return buffer;
    }
  }
  return ERROR.EIO;
}

/** Takes a buffer out of its chain if nobody uses it, written if it was changed; gives 1, 0 if it is in use, or EIO. */
function* evict(volume: number, cache: number, buffer: number): Code<number> {
  const block = yield load(buffer + BUFFER.BLOCK);
  if (block === 0) return 1;
  const bucket = bucketOf(cache, block);
  yield* lockOf(bucket).acquire();
  const idle = (yield load(buffer + BUFFER.REFS)) === 0;
  const dirty = idle && (yield load(buffer + BUFFER.DIRTY)) !== 0;
  if (dirty) yield store(buffer + BUFFER.REFS, 1);
  else if (idle) yield* lockedUnlink(bucket, buffer);
  yield* lockOf(bucket).release();
  if (!dirty) return idle ? 1 : 0;
  yield* new FutexMutex(buffer + BUFFER.LOCK).acquire();
  const written = yield* writeBuffer(volume, buffer);
  yield* releaseBuffer(volume, buffer);
  return written < 0 ? written : yield* evictClean(bucket, buffer);
}

/** The same of one that was clean a moment ago. */
function* evictClean(bucket: number, buffer: number): Code<number> {
  yield* lockOf(bucket).acquire();
  const idle = (yield load(buffer + BUFFER.REFS)) === 0 && (yield load(buffer + BUFFER.DIRTY)) === 0;
  if (idle) yield* lockedUnlink(bucket, buffer);
  yield* lockOf(bucket).release();
  return idle ? 1 : 0;
}

function* lockedUnlink(bucket: number, buffer: number): Code {
  let slot = bucket + BUCKET.FIRST;
  for (let at = yield load(slot); at !== buffer; at = yield load(slot)) slot = at + BUFFER.NEXT;
  yield store(slot, yield load(buffer + BUFFER.NEXT));
  yield store(buffer + BUFFER.BLOCK, 0);
}

function* enter(cache: number, buffer: number, block: number): Code {
  const bucket = bucketOf(cache, block);
  yield store(buffer + BUFFER.BLOCK, block);
  yield store(buffer + BUFFER.REFS, 1);
  yield store(buffer + BUFFER.VALID, 0);
  yield store(buffer + BUFFER.DIRTY, 0);
  yield store(buffer + BUFFER.OWNER, 0);
  yield store(buffer + BUFFER.POINTS, 0);
  yield* lockOf(bucket).acquire();
  yield store(buffer + BUFFER.NEXT, yield load(bucket + BUCKET.FIRST));
  yield store(bucket + BUCKET.FIRST, buffer);
  yield* lockOf(bucket).release();
}

/** The buffer of a block, locked, with its content; or EIO. */
export function* readBuffer(volume: number, block: number): Code<number> {
  const buffer = yield* getBuffer(volume, block);
  if (buffer < 0 || (yield load(buffer + BUFFER.VALID)) !== 0) return buffer;
  const result = yield* readBlock(volume, block, yield load(buffer + BUFFER.DATA));
  if (result === 0) {
    yield store(buffer + BUFFER.VALID, 1);
    return buffer;
  }
  yield* releaseBuffer(volume, buffer);
  return result;
}

/** Notes that a locked buffer differs from the disk. `points`: it points to blocks or inodes. */
export function* changeBuffer(buffer: number, owner: number, points: boolean): Code {
  yield store(buffer + BUFFER.VALID, 1);
  yield store(buffer + BUFFER.DIRTY, 1);
  yield store(buffer + BUFFER.OWNER, owner);
  yield store(buffer + BUFFER.POINTS, points ? 1 : 0);
}

// DOC: write-buffer
/** Writes a locked buffer, if it was changed, after what it points to is marked as taken; gives 0 or EIO. */
export function* writeBuffer(volume: number, buffer: number): Code<number> {
  if ((yield load(buffer + BUFFER.DIRTY)) === 0) return 0;
  if ((yield load(buffer + BUFFER.POINTS)) !== 0) {
    const marked = yield* writeBitmaps(volume);
    if (marked !== 0) return marked;
  }
  const block = yield load(buffer + BUFFER.BLOCK);
  const result = yield* writeBlock(volume, block, yield load(buffer + BUFFER.DATA));
  if (result === 0) yield store(buffer + BUFFER.DIRTY, 0);
  return result;
}

/** Unlocks a buffer, and gives it back. */
export function* releaseBuffer(volume: number, buffer: number): Code {
  const cache = yield load(volume + VOLUME.CACHE);
  const bucket = bucketOf(cache, yield load(buffer + BUFFER.BLOCK));
  yield* new FutexMutex(buffer + BUFFER.LOCK).release();
  yield* lockOf(bucket).acquire();
  yield store(buffer + BUFFER.REFS, (yield load(buffer + BUFFER.REFS)) - 1);
  yield* lockOf(bucket).release();
}

/** The content of a block that was given back is of no use any more: it need not be written. */
export function* forgetBuffer(volume: number, block: number): Code {
  const buffer = yield* find(yield load(volume + VOLUME.CACHE), block);
  if (buffer === 0) return;
  yield* new FutexMutex(buffer + BUFFER.LOCK).acquire();
  yield store(buffer + BUFFER.DIRTY, 0);
  yield store(buffer + BUFFER.VALID, 0);
  yield* releaseBuffer(volume, buffer);
}

/** Writes what was changed of an inode's blocks, or (0) of all; gives 0 or EIO. */
export function* writeChanged(volume: number, owner: number): Code<number> {
  const cache = yield load(volume + VOLUME.CACHE);
  const count = yield load(cache + CACHE.COUNT);
  let result = 0;
  for (let index = 0; index < count; index++) {
    const buffer = cache + CACHE.BUFFERS + index * BUFFER_SIZE;
    if ((yield load(buffer + BUFFER.DIRTY)) === 0) continue;
    if (owner !== 0 && (yield load(buffer + BUFFER.OWNER)) !== owner) continue;
    const block = yield load(buffer + BUFFER.BLOCK);
    // It may be in another buffer by now, or in none: then it has been written.
    const found = block === 0 ? 0 : yield* find(cache, block);
    if (found === 0) continue;
    yield* new FutexMutex(found + BUFFER.LOCK).acquire();
    const written = yield* writeBuffer(volume, found);
    yield* releaseBuffer(volume, found);
    if (written !== 0) result = written;
  }
  return result;
}
