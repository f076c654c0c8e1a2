/**
 * Reading and writing through a handle: read, write, lseek, ftruncate, fsync.
 *
 * *Locking:* the place of the open file, then the inode.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { OPEN, SEEK } from '../../files/protocol.ts';
import { fileShare } from '../../runtime/file-calls.ts';
import { MOST_BYTES, readFile, resizeFile, writeFile } from './file-data.ts';
import { INODE, inodeLock, isDirectory, sizeOf } from './inode.ts';
import { lockInode } from './inode-table.ts';
import { leaveFile, OPENED, useFile } from './open-files.ts';
import { syncInode } from './sync.ts';
import { openWindow } from './window.ts';

/** Does something with the place and the inode of a handle, both locked; `needs`: flags that it must be opened with. */
export function* withFile(
  volume: number,
  handle: number,
  needs: number,
  what: (place: number, inode: number) => Code<number>,
): Code<number> {
  const place = yield* useFile(volume, handle);
  if (place < 0) return place;
  let result: number = ((yield load(place + OPENED.FLAGS)) & needs) === needs ? 0 : ERROR.EBADF;
  const inode = yield load(place + OPENED.INODE);
  if (result === 0) result = yield* lockInode(volume, inode);
  if (result === 0) {
    result = yield* what(place, inode);
    yield* inodeLock(inode).release();
  }
  yield* leaveFile(place);
  return result;
}

// DOC: read
/** read */
export function* read(volume: number, handle: number, to: number, count: number): Code<number> {
  return yield* withFile(volume, handle, OPEN.READ, function* (place, inode) {
    if (yield* isDirectory(inode)) return ERROR.EISDIR;
    const offset = yield load(place + OPENED.OFFSET);
    const done = yield* readFile(volume, inode, offset, to, count);
    if (done > 0) yield store(place + OPENED.OFFSET, offset + done);
    return done;
  });
}

/** write */
export function* write(volume: number, handle: number, from: number, count: number): Code<number> {
  return yield* withFile(volume, handle, OPEN.WRITE, function* (place, inode) {
    const appends = ((yield load(place + OPENED.FLAGS)) & OPEN.APPEND) !== 0;
    const offset = appends ? yield* sizeOf(inode) : yield load(place + OPENED.OFFSET);
    const done = yield* writeFile(volume, inode, offset, from, count);
    if (done > 0) yield store(place + OPENED.OFFSET, offset + done);
    return done;
  });
}

/** lseek */
export function* seek(volume: number, handle: number, offset: number, whence: number): Code<number> {
  return yield* withFile(volume, handle, 0, function* (place, inode) {
    if (whence !== SEEK.SET && whence !== SEEK.CURRENT && whence !== SEEK.END) return ERROR.EINVAL;
    const from =
      whence === SEEK.SET
        ? 0
        : whence === SEEK.CURRENT
          ? yield load(place + OPENED.OFFSET)
          : yield* sizeOf(inode);
    const to = from + offset;
    if (to < 0 || to > MOST_BYTES) return ERROR.EINVAL;
    yield store(place + OPENED.OFFSET, to);
    return to;
  });
}

/** ftruncate */
export function* resize(volume: number, handle: number, length: number): Code<number> {
  return yield* withFile(volume, handle, OPEN.WRITE, function* (_place, inode) {
    return length < 0 ? ERROR.EINVAL : yield* resizeFile(volume, inode, length);
  });
}

/** fsync */
export function* sync(volume: number, handle: number): Code<number> {
  return yield* withFile(volume, handle, 0, (_place, inode) => syncInode(volume, inode));
}

// DOC: map-file
/** mmap of a file, into the caller's memory; gives the address there. */
export function* map(
  volume: number,
  handle: number,
  { offset, length, flags }: { readonly offset: number; readonly length: number; readonly flags: number },
): Code<number> {
  const needs = OPEN.READ | ((flags & MAP.WRITE) === 0 ? 0 : OPEN.WRITE);
  return yield* withFile(volume, handle, needs, function* (_place, inode) {
    if (offset < 0 || offset % LIMIT.PAGE !== 0 || length <= 0 || length > LIMIT.USER_END)
      return ERROR.EINVAL;
    if (yield* isDirectory(inode)) return ERROR.EISDIR;
    const opened = yield* openWindow(volume, inode);
    if (opened !== 0) return opened;
    const pages = Math.ceil(length / LIMIT.PAGE);
    return yield* fileShare(yield load(inode + INODE.WINDOW), 0, pages, offset / LIMIT.PAGE, flags);
  });
}
