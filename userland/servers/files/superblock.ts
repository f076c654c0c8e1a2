/**
 * The superblock of ext2 (revision 1), as the disk has it: 1,024 bytes at byte 1,024. Its state says whether the file
 * system was unmounted in order. The copies in other groups are never written, as by other systems.
 *
 * *Locking:* `SUPER_LOCK` of the volume guards the counts of what is free.
 */
import { type Code, load, load16, store, store16 } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { diskBlocks, diskRead, diskWrite } from '../../runtime/server-calls.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { type FeatureMask, refusedFeature } from './features.ts';
import { VOLUME } from './volume.ts';

/** Offsets of its fields; those of 16 bits are marked. */
export const SUPER = {
  INODES: 0,
  BLOCKS: 4,
  FREE_BLOCKS: 12,
  FREE_INODES: 16,
  FIRST_BLOCK: 20,
  LOG_BLOCK_SIZE: 24,
  BLOCKS_PER_GROUP: 32,
  INODES_PER_GROUP: 40,
  MOUNT_TIME: 44,
  WRITE_TIME: 48,
  /** 16 bits, as are MAGIC, STATE and INODE_SIZE. */
  MOUNTS: 52,
  MAGIC: 56,
  STATE: 58,
  REVISION: 76,
  FIRST_INODE: 84,
  INODE_SIZE: 88,
  COMPATIBLE: 92,
  INCOMPATIBLE: 96,
  READ_ONLY_COMPATIBLE: 100,
} as const;

export const SUPER_MAGIC = 0xef53;
/** Bits of STATE. */
const STATE_CLEAN = 1;

/** Disk block at which it begins, and how many it takes. */
const AT = 2;
const SECTORS = 2;
/** Largest block, as the exponent above 1,024. */
const MOST_LOG = 2;

/** Reads the superblock to its place, and the facts of the volume from it; gives undefined, or why not. */
export function* readSuperblock(volume: number): Code<string | undefined> {
  const at = yield load(volume + VOLUME.SUPER);
  if ((yield* diskRead(AT, at, SECTORS)) < 0) return 'the superblock cannot be read';
  const reason = yield* refusalOf(at);
  if (reason !== undefined) return reason;
  const size = 1024 << (yield load(at + SUPER.LOG_BLOCK_SIZE));
  const blocks = yield load(at + SUPER.BLOCKS);
  if (blocks * (size / 512) > (yield* diskBlocks())) return `the disk is smaller than its ${blocks} blocks`;
  const first = yield load(at + SUPER.FIRST_BLOCK);
  const perGroup = yield load(at + SUPER.BLOCKS_PER_GROUP);
  yield store(volume + VOLUME.BLOCK_SIZE, size);
  yield store(volume + VOLUME.SECTORS, size / 512);
  yield store(volume + VOLUME.BLOCKS, blocks);
  yield store(volume + VOLUME.FIRST_BLOCK, first);
  yield store(volume + VOLUME.BLOCKS_PER_GROUP, perGroup);
  yield store(volume + VOLUME.INODES, yield load(at + SUPER.INODES));
  yield store(volume + VOLUME.INODES_PER_GROUP, yield load(at + SUPER.INODES_PER_GROUP));
  yield store(volume + VOLUME.INODE_SIZE, yield load16(at + SUPER.INODE_SIZE));
  yield store(volume + VOLUME.GROUPS, Math.ceil((blocks - first) / perGroup));
  yield store(volume + VOLUME.FIRST_INODE, yield load(at + SUPER.FIRST_INODE));
  yield store(volume + VOLUME.TIME, (yield load(at + SUPER.WRITE_TIME)) + 1);
  return undefined;
}

function* refusalOf(at: number): Code<string | undefined> {
  if ((yield load16(at + SUPER.MAGIC)) !== SUPER_MAGIC) return 'this is no ext2 file system';
  if ((yield load(at + SUPER.REVISION)) !== 1) return 'revision 1 is supported, no other';
  const masks: Record<FeatureMask, number> = {
    compatible: yield load(at + SUPER.COMPATIBLE),
    incompatible: yield load(at + SUPER.INCOMPATIBLE),
    readOnlyCompatible: yield load(at + SUPER.READ_ONLY_COMPATIBLE),
  };
  const refused = refusedFeature(masks);
  if (refused !== undefined) return `feature ${refused} is not supported`;
  const log = yield load(at + SUPER.LOG_BLOCK_SIZE);
  if (log < 0 || log > MOST_LOG) return `blocks of ${1024 << (log & 15)} bytes are not supported`;
  const size = yield load16(at + SUPER.INODE_SIZE);
  const isGood = size >= 128 && size <= 1024 << log && (size & (size - 1)) === 0;
  return isGood ? undefined : `inodes of ${size} bytes are not supported`;
}

/** Whether the file system was unmounted in order. */
export function* isClean(volume: number): Code<boolean> {
  const at = yield load(volume + VOLUME.SUPER);
  return ((yield load16(at + SUPER.STATE)) & STATE_CLEAN) !== 0;
}

/** Says on the disk whether the file system is in order; gives 0 or EIO. */
export function* writeState(volume: number, clean: boolean): Code<number> {
  const at = yield load(volume + VOLUME.SUPER);
  const state = (yield load16(at + SUPER.STATE)) & ~STATE_CLEAN;
  yield store16(at + SUPER.STATE, clean ? state | STATE_CLEAN : state);
  return yield* writeSuperblock(volume);
}

/** Counts a mount. */
export function* countMount(volume: number): Code {
  const at = yield load(volume + VOLUME.SUPER);
  yield store16(at + SUPER.MOUNTS, (yield load16(at + SUPER.MOUNTS)) + 1);
  yield store(at + SUPER.MOUNT_TIME, yield load(volume + VOLUME.TIME));
  yield store(at + SUPER.WRITE_TIME, yield load(volume + VOLUME.TIME));
}

/** Writes the superblock; gives 0 or EIO. */
export function* writeSuperblock(volume: number): Code<number> {
  const lock = new FutexMutex(volume + VOLUME.SUPER_LOCK);
  yield* lock.acquire();
  const result = yield* diskWrite(AT, yield load(volume + VOLUME.SUPER), SECTORS);
  yield* lock.release();
  return result < 0 ? ERROR.EIO : 0;
}

/** So many blocks, or inodes, more are free: `field` is FREE_BLOCKS or FREE_INODES. */
export function* countFree(volume: number, field: number, by: number): Code {
  const lock = new FutexMutex(volume + VOLUME.SUPER_LOCK);
  const at = (yield load(volume + VOLUME.SUPER)) + field;
  yield* lock.acquire();
  yield store(at, (yield load(at)) + by);
  yield* lock.release();
}
