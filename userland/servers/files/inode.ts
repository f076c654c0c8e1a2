/**
 * An inode in memory: its 128 bytes as the disk has them, and beside them who uses it.
 *
 * *Locking:* NUMBER and REFS by the lock of its set (inode-table.ts); everything else by LOCK, which is taken from a
 * directory to what is in it. Of a kind and a generation that do not change: MODE's upper bits.
 */
import { type Code, load, load16, store, store16 } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { VOLUME } from './volume.ts';

export const INODE = {
  NUMBER: 0,
  REFS: 4,
  LOCK: 8,
  /** Whether it has been read. */
  LOADED: 12,
  /** Whether it differs from what is in its block. */
  DIRTY: 16,
  /** Where the next block is looked for. */
  GOAL: 20,
  /** Whether it is new: what its place on the disk holds beyond RAW is to be zero. */
  FRESH: 24,
  /** Where the server has it mapped (window.ts), and how many pages; 0: nowhere. */
  WINDOW: 28,
  WINDOW_PAGES: 32,
  /** While it is mapped, whoever asks where a block is holds this, too. */
  MAP_LOCK: 36,
  RAW: LINE,
} as const;

/** Bytes of the part that ext2 defines, and of an inode in memory. */
export const RAW_SIZE = 128;
export const INODE_SIZE = INODE.RAW + RAW_SIZE;

/** Fields of the inode proper, from the beginning of an inode in memory; MODE and LINKS have 16 bits. */
export const FIELD = {
  MODE: INODE.RAW,
  SIZE: INODE.RAW + 4,
  ACCESS_TIME: INODE.RAW + 8,
  CHANGE_TIME: INODE.RAW + 12,
  MODIFY_TIME: INODE.RAW + 16,
  DELETE_TIME: INODE.RAW + 20,
  LINKS: INODE.RAW + 26,
  /** In units of 512 bytes. */
  SECTORS: INODE.RAW + 28,
  FLAGS: INODE.RAW + 32,
  /** Twelve blocks, and one of pointers, of pointers to pointers, and of those to these. */
  POINTERS: INODE.RAW + 40,
  ACL: INODE.RAW + 104,
  /** Upper half of the size of a file. */
  SIZE_HIGH: INODE.RAW + 108,
} as const;

/** Pointers in an inode, and how many of them are to data. */
export const POINTERS = 15;
export const DIRECT = 12;

/** Upper four bits of MODE. */
const KIND_MASK = 0xf000;
export const KIND = { directory: 0x4000, file: 0x8000, link: 0xa000 } as const;
/** Lower bits of what is made here. */
export const PERMISSIONS = { directory: 0o755, file: 0o644 } as const;

/** A directory's entries are in a tree, which nobody here keeps. */
const FLAG_INDEX = 0x1000;

/** What a name in a directory says of the kind (feature filetype). */
export const TYPE = { file: 1, directory: 2 } as const;
/** The same by KIND: FIFOs, character devices, directories, block devices, files, links, sockets. */
const TYPES: Readonly<Record<number, number>> = Object.freeze({
  0x1000: 5,
  0x2000: 3,
  [0x4000]: TYPE.directory,
  0x6000: 4,
  [0x8000]: TYPE.file,
  0xa000: 7,
  0xc000: 6,
});

/** What a name of an inode says of its kind. */
export function* typeOf(inode: number): Code<number> {
  return TYPES[yield* kindOf(inode)] ?? 0;
}

/** Whether its pointers are pointers: those of devices and of short links are something else. */
export function* hasBlocks(inode: number): Code<boolean> {
  const kind = yield* kindOf(inode);
  if (kind === KIND.link) return (yield load(inode + FIELD.SECTORS)) > 0;
  return kind === KIND.file || kind === KIND.directory;
}

/** Of KIND, or another number. */
export function* kindOf(inode: number): Code<number> {
  return (yield load16(inode + FIELD.MODE)) & KIND_MASK;
}

export function* isDirectory(inode: number): Code<boolean> {
  return (yield* kindOf(inode)) === KIND.directory;
}

export function* sizeOf(inode: number): Code<number> {
  return yield load(inode + FIELD.SIZE);
}

/** Notes that an inode was changed; its content, too, with `content`. */
export function* touch(volume: number, inode: number, content = false): Code {
  const time = yield load(volume + VOLUME.TIME);
  yield store(inode + FIELD.CHANGE_TIME, time);
  if (content) yield store(inode + FIELD.MODIFY_TIME, time);
  yield store(inode + INODE.DIRTY, 1);
}

/** Adds to the number of names. */
export function* addLinks(volume: number, inode: number, by: number): Code {
  yield store16(inode + FIELD.LINKS, (yield load16(inode + FIELD.LINKS)) + by);
  yield* touch(volume, inode);
}

/** Says that a directory has no tree; gives whether it had one. */
export function* dropIndex(volume: number, directory: number): Code<boolean> {
  const flags = yield load(directory + FIELD.FLAGS);
  if ((flags & FLAG_INDEX) === 0) return false;
  yield store(directory + FIELD.FLAGS, flags & ~FLAG_INDEX);
  yield* touch(volume, directory);
  return true;
}

/** The lock of an inode. */
export const inodeLock = (inode: number): FutexMutex => new FutexMutex(inode + INODE.LOCK);
