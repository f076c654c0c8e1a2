/**
 * The interface of the file server: what goes over to it and comes back. Every procedure gives a `result`: what the call of
 * that name gives in POSIX, or an error below 0.
 *
 * Content goes in chunks; those of a few bytes have procedures of their own, since all of a block is copied.
 */
import { bytes, defineInterface, immutable, procedure, word } from '../ipc/index.ts';

/** Bytes of a path, with the zero at its end. */
export const PATH_BYTES = 256;
/** Bytes of content that one call carries, and those of a small one. */
export const CHUNK = 960;
export const SMALL_CHUNK = 64;

/** How a file is opened. */
export const OPEN = {
  READ: 1,
  WRITE: 2,
  /** Make it if there is none. */
  CREATE: 4,
  /** Make it empty. */
  TRUNCATE: 8,
  /** Write at the end, wherever that is. */
  APPEND: 16,
  /** With CREATE: it must not exist. */
  EXCLUSIVE: 32,
} as const;

/** From where `lseek` counts. */
export const SEEK = { SET: 0, CURRENT: 1, END: 2 } as const;

/** What `change` does to a path. */
export const CHANGE = { mkdir: 0, unlink: 1, rmdir: 2 } as const;

/** What `stat` tells, a word each. */
export const STAT = {
  INODE: 0,
  /** Upper four bits of 16: FILE_KIND. */
  MODE: 4,
  LINKS: 8,
  SIZE: 12,
  /** Units of 512 bytes that it takes. */
  SECTORS: 16,
  /** Seconds since 1970. */
  MODIFIED: 20,
  CHANGED: 24,
  BLOCK_SIZE: 28,
} as const;
export const STAT_BYTES = 32;

/** Kinds of file, of MODE. */
export const FILE_KIND = { MASK: 0xf000, DIRECTORY: 0x4000, FILE: 0x8000, LINK: 0xa000 } as const;

/** An entry as `readdir` gives it; the next one begins `RECORD` bytes (16 bits) behind it. TYPE and LENGTH have 8 bits. */
export const LISTED = { INODE: 0, RECORD: 4, LENGTH: 6, TYPE: 7, NAME: 8 } as const;

const path = immutable(bytes(PATH_BYTES));
const result = { result: word };
const seldom = { simultaneous: 2 };

export const Files = defineInterface('files', {
  open: procedure({ path, flags: word }, result, seldom),
  close: procedure({ file: word }, result),
  read: procedure({ file: word, count: word }, { ...result, data: bytes(CHUNK) }, seldom),
  readSmall: procedure({ file: word, count: word }, { ...result, data: bytes(SMALL_CHUNK) }),
  write: procedure({ file: word, count: word, data: bytes(CHUNK) }, result, seldom),
  writeSmall: procedure({ file: word, count: word, data: bytes(SMALL_CHUNK) }, result),
  lseek: procedure({ file: word, offset: word, whence: word }, result),
  stat: procedure({ path }, { ...result, stat: bytes(STAT_BYTES) }, seldom),
  fstat: procedure({ file: word }, { ...result, stat: bytes(STAT_BYTES) }),
  change: procedure({ path, what: word }, result, seldom),
  rename: procedure({ from: path, to: path }, result, seldom),
  readdir: procedure({ file: word }, { ...result, data: bytes(CHUNK) }, seldom),
  ftruncate: procedure({ file: word, length: word }, result, seldom),
  /** By LRPC only: it is the caller's thread in whose process the pages come to lie. */
  map: procedure({ file: word, offset: word, length: word, flags: word }, result, seldom),
  fsync: procedure({ file: word }, result, seldom),
});
