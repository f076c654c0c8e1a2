/**
 * The volume: what the file server knows of the file system that it has mounted. One record, at an address that is handed to
 * every procedure; all of it lies in the server's memory.
 *
 * *Locking:* the facts are fixed after the mount; `RENAME`, `TRIM` and `SUPER_LOCK` are mutexes (rename.ts, truncate.ts,
 * superblock.ts). Each part that lies elsewhere says what guards it.
 */
import { type Code, load } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';

export const VOLUME = {
  /** Bytes of a block, and disk blocks in one. */
  BLOCK_SIZE: 0,
  SECTORS: 4,
  BLOCKS: 8,
  FIRST_BLOCK: 12,
  BLOCKS_PER_GROUP: 16,
  INODES: 20,
  INODES_PER_GROUP: 24,
  INODE_SIZE: 28,
  GROUPS: 32,
  /** First inode that is not reserved. */
  FIRST_INODE: 36,
  /** What every time stamp is set to: seconds since 1970. */
  TIME: 40,
  /** Addresses: the superblock, group descriptors, bitmaps, GROUPs, the block cache, inodes, open files, a block of scratch. */
  SUPER: 44,
  DESCRIPTORS: 48,
  BITMAPS: 52,
  GROUP_STATES: 56,
  CACHE: 60,
  INODE_TABLE: 64,
  OPEN_FILES: 68,
  SCRATCH: 72,
  /** Whether the file system was in order when it was mounted. */
  WAS_CLEAN: 76,
  /** The name `..`, of which `.` is the beginning. */
  DOTS: 80,
  RENAME: 2 * LINE,
  TRIM: 3 * LINE,
  SUPER_LOCK: 4 * LINE,
} as const;

/** Bytes of the record. */
export const VOLUME_SIZE = 5 * LINE;

/** Bytes of a block. */
export function* blockSizeOf(volume: number): Code<number> {
  return yield load(volume + VOLUME.BLOCK_SIZE);
}
