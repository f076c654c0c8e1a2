/**
 * Making files and directories. An inode is on the disk before a name of it is; so is what a new directory holds.
 *
 * *Locking:* the directory's inode lock, then the new one's, which nobody else knows yet.
 */
import { type Code, load, load16, store, store16 } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { allocateInode, freeInode } from './allocate.ts';
import { BUFFER, changeBuffer, readBuffer, releaseBuffer, writeBuffer } from './block-cache.ts';
import { mapBlock } from './block-map.ts';
import { addEntry } from './directory.ts';
import { fillEntry, type Name, recordFor } from './directory-entry.ts';
import { addLinks, FIELD, INODE, inodeLock, KIND, PERMISSIONS, TYPE } from './inode.ts';
import { putInode } from './inode-block.ts';
import { clearInode, dropInode, getInode } from './inode-table.ts';
import { blockSizeOf, VOLUME } from './volume.ts';

/** Names that a directory can have: itself, its entry, and one for each subdirectory. */
const MOST_LINKS = 32_000;

// DOC: create-file
/** Makes an empty file under a name that is not there, in a locked directory; gives a reference, or an error. */
export function* createFile(volume: number, directory: number, name: Name): Code<number> {
  const inode = yield* newInode(volume, directory, KIND.file | PERMISSIONS.file, 1);
  if (inode < 0) return inode;
  const written = yield* putInode(volume, inode, true);
  const named =
    written !== 0
      ? written
      : yield* addEntry(volume, directory, name, yield load(inode + INODE.NUMBER), TYPE.file);
  return yield* finish(volume, inode, named);
}

// DOC: create-directory
/** Makes an empty directory, as above. */
export function* createDirectory(volume: number, directory: number, name: Name): Code<number> {
  if ((yield load16(directory + FIELD.LINKS)) >= MOST_LINKS) return ERROR.EMLINK;
  const inode = yield* newInode(volume, directory, KIND.directory | PERMISSIONS.directory, 2);
  if (inode < 0) return inode;
  const filled = yield* fill(volume, inode, yield load(directory + INODE.NUMBER));
  return yield* finish(volume, inode, filled !== 0 ? filled : yield* enter(volume, directory, name, inode));
}

/** The parent has one name more, on the disk, too, before the directory that brings it can be found. */
function* enter(volume: number, directory: number, name: Name, inode: number): Code<number> {
  yield* addLinks(volume, directory, 1);
  const counted = yield* putInode(volume, directory, true);
  const named =
    counted !== 0
      ? counted
      : yield* addEntry(volume, directory, name, yield load(inode + INODE.NUMBER), TYPE.directory);
  if (named !== 0) yield* addLinks(volume, directory, -1);
  return named;
}

/** An inode in memory, locked, with a reference; or ENOSPC, ENFILE. */
function* newInode(volume: number, directory: number, mode: number, links: number): Code<number> {
  const isDirectory = (mode & KIND.directory) !== 0;
  const near = yield load(directory + INODE.NUMBER);
  const number = yield* allocateInode(volume, near, isDirectory);
  if (number < 0) return number;
  const inode = yield* getInode(volume, number);
  if (inode < 0) {
    yield* freeInode(volume, number, isDirectory);
    return inode;
  }
  yield* inodeLock(inode).acquire();
  yield* clearInode(volume, inode, mode, links);
  return inode;
}

/** Unlocks a new inode; one that could not be named goes again. */
function* finish(volume: number, inode: number, result: number): Code<number> {
  if (result !== 0) yield store16(inode + FIELD.LINKS, 0);
  yield* inodeLock(inode).release();
  if (result === 0) return inode;
  yield* dropInode(volume, inode);
  return result;
}

/** Gives a new directory its two entries, on the disk; gives 0 or ENOSPC, EIO. */
function* fill(volume: number, inode: number, parent: number): Code<number> {
  const size = yield* blockSizeOf(volume);
  const block = yield* mapBlock(volume, inode, 0, 'fill');
  if (block < 0) return block;
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  const data = yield load(buffer + BUFFER.DATA);
  const dots = volume + VOLUME.DOTS;
  const number = yield load(inode + INODE.NUMBER);
  const first = recordFor(1);
  yield* fillEntry(data, number, TYPE.directory, { at: dots, length: 1 }, first);
  yield* fillEntry(data + first, parent, TYPE.directory, { at: dots, length: 2 }, size - first);
  yield* changeBuffer(buffer, number, true);
  const written = yield* writeBuffer(volume, buffer);
  yield* releaseBuffer(volume, buffer);
  if (written !== 0) return written;
  yield store(inode + FIELD.SIZE, size);
  return yield* putInode(volume, inode, true);
}
