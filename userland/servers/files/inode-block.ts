/**
 * Where an inode lies on the disk: in a block of its group's table, which it shares with others.
 *
 * *Locking:* the inode's lock; that of the block's buffer while it is copied.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { BUFFER, changeBuffer, readBuffer, releaseBuffer, writeBuffer } from './block-cache.ts';
import { zeroBytes } from './bytes.ts';
import { DESCRIPTOR, descriptorOf } from './groups.ts';
import { INODE, RAW_SIZE } from './inode.ts';
import { blockSizeOf, VOLUME } from './volume.ts';

/** Blocks of the table are of no inode alone. */
const OF_MANY = -1;

// DOC: put-inode
/** Brings a locked inode to its block, and with `now` that to the disk; gives 0 or EIO. */
export function* putInode(volume: number, inode: number, now: boolean): Code<number> {
  return yield* copyRaw(volume, inode, now ? 'write' : 'store');
}

/** Fills an inode in memory from its block; gives 0 or EIO. */
export function* loadInode(volume: number, inode: number): Code<number> {
  return yield* copyRaw(volume, inode, 'load');
}

function* copyRaw(volume: number, inode: number, how: 'load' | 'store' | 'write'): Code<number> {
  if (how === 'store' && (yield load(inode + INODE.DIRTY)) === 0) return 0;
  const size = yield* blockSizeOf(volume);
  const perGroup = yield load(volume + VOLUME.INODES_PER_GROUP);
  const index = (yield load(inode + INODE.NUMBER)) - 1;
  const table = yield load((yield* descriptorOf(volume, (index / perGroup) | 0)) + DESCRIPTOR.INODE_TABLE);
  const offset = (index % perGroup) * (yield load(volume + VOLUME.INODE_SIZE));
  const buffer = yield* readBuffer(volume, table + ((offset / size) | 0));
  if (buffer < 0) return buffer;
  const raw = (yield load(buffer + BUFFER.DATA)) + (offset % size);
  if (how === 'load') yield* copyWords(inode + INODE.RAW, raw);
  else {
    // First: what a pager changes meanwhile is written the next time.
    yield store(inode + INODE.DIRTY, 0);
    yield* copyWords(raw, inode + INODE.RAW);
    if ((yield load(inode + INODE.FRESH)) !== 0) {
      const bytes = yield load(volume + VOLUME.INODE_SIZE);
      yield* zeroBytes(raw + RAW_SIZE, bytes - RAW_SIZE);
      yield store(inode + INODE.FRESH, 0);
    }
    yield* changeBuffer(buffer, OF_MANY, true);
  }
  const result = how === 'write' ? yield* writeBuffer(volume, buffer) : 0;
  yield* releaseBuffer(volume, buffer);
  return result;
}

function* copyWords(to: number, from: number): Code {
  for (let at = 0; at < RAW_SIZE; at += 4) yield store(to + at, yield load(from + at));
}
