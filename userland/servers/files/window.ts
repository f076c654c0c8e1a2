/**
 * Files that are mapped: the server has a window on such a file in its own memory, and clients share its pages. As long as
 * there is one, read and write go by way of it, so that everybody sees the same bytes.
 *
 * The kernel asks a pager, a thread of the server, where a page of a window lies on the disk, and moves it (pager.ts). Threads that touch
 * a window may have to wait for that, so they hold no lock then that a pager wants.
 *
 * *Locking:* the inode's lock; `MAP_LOCK` of the inode for its pointers, which a pager changes, too.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT } from '../../../kernel/abi/index.ts';
import { fileSync, fileTouch, fileWindow } from '../../runtime/file-calls.ts';
import { munmap } from '../../runtime/system-calls.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { forgetBuffer, writeChanged } from './block-cache.ts';
import { type IfHole, mapBlock } from './block-map.ts';
import { copyBytes } from './bytes.ts';
import { INODE, inodeLock, sizeOf } from './inode.ts';
import { dropInode, INODE_PLACES, inodeAt, shareInode } from './inode-table.ts';
import { blockSizeOf } from './volume.ts';

// DOC: open-file-window
/** Gives a locked file a window of all that it has now; gives 0 or an error. Its blocks are in the cache no more. */
export function* openWindow(volume: number, inode: number): Code<number> {
  const size = yield* sizeOf(inode);
  const pages = Math.max(1, Math.ceil(size / LIMIT.PAGE));
  if ((yield load(inode + INODE.WINDOW)) !== 0) {
    if ((yield load(inode + INODE.WINDOW_PAGES)) >= pages) return 0;
    // It has grown. A window that others look through stays as it is.
    const ended = yield* endWindow(volume, inode);
    if (ended !== 0) return ended === ERROR.EBUSY ? 0 : ended;
  }
  const written = yield* writeChanged(volume, yield load(inode + INODE.NUMBER));
  if (written !== 0) return written;
  const blocks = Math.ceil(size / (yield* blockSizeOf(volume)));
  for (let index = 0; index < blocks; index++) {
    const block = yield* mapBlock(volume, inode, index, 'leave');
    if (block < 0) return block;
    if (block > 0) yield* forgetBuffer(volume, block);
  }
  const window = yield* fileWindow(inode, pages);
  if (window < 0) return window;
  yield* shareInode(volume, inode);
  yield store(inode + INODE.WINDOW_PAGES, pages);
  yield store(inode + INODE.WINDOW, window);
  return 0;
}

/** Where a place of a file lies in its window; 0 if it lies in none. */
export function* inWindow(inode: number, offset: number): Code<number> {
  const window = yield load(inode + INODE.WINDOW);
  if (window === 0 || offset >= (yield load(inode + INODE.WINDOW_PAGES)) * LIMIT.PAGE) return 0;
  return window + offset;
}

/** Copies from a window, within a page; gives 0 or EIO. */
export function* readWindow(at: number, to: number, bytes: number): Code<number> {
  const result = yield* fileTouch(at, 0);
  if (result === 0) yield* copyBytes(to, at, bytes);
  return result;
}

// DOC: write-window
/** Copies to a window, within a block, which the file gets if it has none; gives 0 or ENOSPC, EIO. */
export function* writeWindow(
  volume: number,
  inode: number,
  index: number,
  at: number,
  from: number,
  bytes: number,
): Code<number> {
  // The page first: where there was a hole, it is zeroes, and not what the new block had.
  const touched = yield* fileTouch(at, 1);
  if (touched !== 0) return touched;
  const block = yield* mapMapped(volume, inode, index, 'overwrite');
  if (block < 0) return block;
  yield* copyBytes(at, from, bytes);
  return 0;
}

/** As `mapBlock`, of a file that has a window: what is new does not stay in the cache. */
export function* mapMapped(volume: number, inode: number, index: number, ifHole: IfHole): Code<number> {
  const lock = new FutexMutex(inode + INODE.MAP_LOCK);
  yield* lock.acquire();
  const old = yield* mapBlock(volume, inode, index, 'leave');
  const block = old === 0 && ifHole !== 'leave' ? yield* mapBlock(volume, inode, index, ifHole) : old;
  if (old === 0 && block > 0) yield* forgetBuffer(volume, block);
  yield* lock.release();
  return block;
}

/** Writes what is in the window of a locked file to the disk, if it has one; gives 0 or EIO. */
export function* syncWindow(inode: number): Code<number> {
  const window = yield load(inode + INODE.WINDOW);
  return window === 0 ? 0 : Math.min(0, yield* fileSync(window));
}

// DOC: release-window
/** Gives up the window of a file that nobody has mapped any more; gives 0, also if it stays, or EIO. */
export function* releaseWindow(volume: number, inode: number): Code<number> {
  if ((yield load(inode + INODE.WINDOW)) === 0) return 0;
  yield* inodeLock(inode).acquire();
  const closed = yield* closeWindow(inode);
  yield* inodeLock(inode).release();
  if (closed === CLOSED) return yield* dropInode(volume, inode);
  return closed === ERROR.EBUSY ? 0 : closed;
}

/** The same of a locked file, of which the caller has a reference; gives 0, EBUSY: it is mapped, or EIO. */
export function* endWindow(volume: number, inode: number): Code<number> {
  const closed = yield* closeWindow(inode);
  return closed === CLOSED ? yield* dropInode(volume, inode) : closed;
}

/** The window is gone, and has a reference to give back. */
const CLOSED = 1;

function* closeWindow(inode: number): Code<number> {
  const window = yield load(inode + INODE.WINDOW);
  const others = window === 0 ? 0 : yield* fileSync(window);
  if (window === 0 || others < 0) return others;
  if (others > 0) return ERROR.EBUSY;
  yield store(inode + INODE.WINDOW, 0);
  yield* munmap(window, (yield load(inode + INODE.WINDOW_PAGES)) * LIMIT.PAGE);
  return CLOSED;
}

/** The same of all files. */
export function* releaseWindows(volume: number): Code<number> {
  let result = 0;
  for (let place = 0; place < INODE_PLACES; place++) {
    const released = yield* releaseWindow(volume, yield* inodeAt(volume, place));
    if (released !== 0) result = released;
  }
  return result;
}
