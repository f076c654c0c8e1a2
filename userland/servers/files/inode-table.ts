/**
 * The inodes in memory, by number: sets of a few places each. Who uses one has a reference; the last one to give it back
 * brings it to its block, or frees it, if no name is left.
 *
 * *Locking:* a set's lock guards the numbers and references in it. With an inode's LOCK held, sets may be locked.
 */
import { type Code, load, load16, store, store16 } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { LINE, roundUp } from '../../runtime/line.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { freeInode } from './allocate.ts';
import { FIELD, hasBlocks, INODE, INODE_SIZE, inodeLock, isDirectory, RAW_SIZE, touch } from './inode.ts';
import { loadInode, putInode } from './inode-block.ts';
import { truncate } from './truncate.ts';
import { VOLUME } from './volume.ts';

const SETS = 32;
const PLACES = 8;
const SET = { LOCK: 0, INODES: LINE } as const;
const SET_SIZE = roundUp(SET.INODES + PLACES * INODE_SIZE, LINE);

/** Bytes of the table. */
export const INODE_TABLE_SIZE = SETS * SET_SIZE;

function* setOf(volume: number, number: number): Code<number> {
  return (yield load(volume + VOLUME.INODE_TABLE)) + (number % SETS) * SET_SIZE;
}

// DOC: get-inode
/** A reference to an inode, which is not locked and perhaps not read; or ENFILE, EIO: there is no such number. */
export function* getInode(volume: number, number: number): Code<number> {
  if (number < 1 || number > (yield load(volume + VOLUME.INODES))) return ERROR.EIO;
  const set = yield* setOf(volume, number);
  const lock = new FutexMutex(set + SET.LOCK);
  yield* lock.acquire();
  let [found, empty] = [0, 0];
  for (let place = 0; place < PLACES && found === 0; place++) {
    const inode = set + SET.INODES + place * INODE_SIZE;
    if ((yield load(inode + INODE.NUMBER)) === number) found = inode;
    else if ((yield load(inode + INODE.REFS)) === 0 && (yield load(inode + INODE.DIRTY)) === 0) empty = inode;
  }
  if (found === 0 && empty !== 0) {
    found = empty;
    yield store(found + INODE.NUMBER, number);
    yield store(found + INODE.LOADED, 0);
    yield store(found + INODE.GOAL, 0);
  }
  if (found !== 0) yield store(found + INODE.REFS, (yield load(found + INODE.REFS)) + 1);
  yield* lock.release();
  return found === 0 ? ERROR.ENFILE : found;
}

/** One more reference to an inode that the caller has one to. */
export function* shareInode(volume: number, inode: number): Code {
  const set = yield* setOf(volume, yield load(inode + INODE.NUMBER));
  const lock = new FutexMutex(set + SET.LOCK);
  yield* lock.acquire();
  yield store(inode + INODE.REFS, (yield load(inode + INODE.REFS)) + 1);
  yield* lock.release();
}

/** Locks an inode, with its content; gives 0, or EIO, and it is not locked. */
export function* lockInode(volume: number, inode: number): Code<number> {
  yield* inodeLock(inode).acquire();
  if ((yield load(inode + INODE.LOADED)) !== 0) return 0;
  const result = yield* loadInode(volume, inode);
  if (result === 0) yield store(inode + INODE.LOADED, 1);
  else yield* inodeLock(inode).release();
  return result;
}

/** Unlocks it. */
export function* unlockInode(inode: number): Code {
  yield* inodeLock(inode).release();
}

/** Fills a fresh inode, which is locked: nothing but a mode and names. */
export function* clearInode(volume: number, inode: number, mode: number, links: number): Code {
  for (let at = 0; at < RAW_SIZE; at += 4) yield store(inode + INODE.RAW + at, 0);
  yield store16(inode + FIELD.MODE, mode);
  yield store16(inode + FIELD.LINKS, links);
  yield store(inode + FIELD.ACCESS_TIME, yield load(volume + VOLUME.TIME));
  yield store(inode + INODE.FRESH, 1);
  yield store(inode + INODE.LOADED, 1);
  yield* touch(volume, inode, true);
}

// DOC: drop-inode
/** Gives a reference back; the inode is not locked. Gives 0, or EIO: what the last one had to write stays changed. */
export function* dropInode(volume: number, inode: number): Code<number> {
  const number = yield load(inode + INODE.NUMBER);
  const lock = new FutexMutex((yield* setOf(volume, number)) + SET.LOCK);
  for (let result = 0; ; ) {
    yield* lock.acquire();
    const refs = yield load(inode + INODE.REFS);
    const clean = (yield load(inode + INODE.DIRTY)) === 0 && !(yield* isNameless(inode));
    if (refs > 1 || clean || result !== 0) yield store(inode + INODE.REFS, refs - 1);
    yield* lock.release();
    if (refs > 1 || clean || result !== 0) return result;
    // The last one. Others may come meanwhile, but for one without a name; then they are the last.
    yield* inodeLock(inode).acquire();
    result = (yield* isNameless(inode))
      ? yield* destroy(volume, inode)
      : yield* putInode(volume, inode, false);
    yield* inodeLock(inode).release();
  }
}

function* isNameless(inode: number): Code<boolean> {
  return (yield load(inode + INODE.LOADED)) !== 0 && (yield load16(inode + FIELD.LINKS)) === 0;
}

/** Frees an inode without a name, and its blocks; gives 0 or EIO. */
function* destroy(volume: number, inode: number): Code<number> {
  const directory = yield* isDirectory(inode);
  const cut = (yield* hasBlocks(inode)) ? yield* truncate(volume, inode, 0) : 0;
  if (cut !== 0) return cut;
  yield store(inode + FIELD.DELETE_TIME, yield load(volume + VOLUME.TIME));
  const written = yield* putInode(volume, inode, true);
  if (written !== 0) return written;
  yield store(inode + INODE.LOADED, 0);
  yield* freeInode(volume, yield load(inode + INODE.NUMBER), directory);
  return 0;
}

/** Places of inodes in memory. */
export const INODE_PLACES = SETS * PLACES;

/** The inode in memory at a place. */
export function* inodeAt(volume: number, place: number): Code<number> {
  const set = (yield load(volume + VOLUME.INODE_TABLE)) + ((place / PLACES) | 0) * SET_SIZE;
  return set + SET.INODES + (place % PLACES) * INODE_SIZE;
}

/** Brings every inode that was changed to its block; gives 0 or EIO. */
export function* putAllInodes(volume: number): Code<number> {
  let result = 0;
  for (let place = 0; place < INODE_PLACES; place++) {
    const inode = yield* inodeAt(volume, place);
    if ((yield load(inode + INODE.DIRTY)) === 0) continue;
    yield* inodeLock(inode).acquire();
    const put = yield* putInode(volume, inode, false);
    if (put !== 0) result = put;
    yield* inodeLock(inode).release();
  }
  return result;
}
