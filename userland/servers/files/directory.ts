/**
 * Directories: a list of entries, block by block, searched from the front. Each change is on the disk when it returns, so
 * that names come and go in the order in which they were made and unmade.
 *
 * *Locking:* the directory's inode lock; that of one buffer at a time.
 */
import { type Code, load, load16, load8, store, store16 } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { BUFFER, changeBuffer, readBuffer, releaseBuffer, writeBuffer, writeChanged } from './block-cache.ts';
import { mapBlock } from './block-map.ts';
import {
  ENTRY,
  fillEntry,
  hasName,
  isDots,
  type Name,
  recordFor,
  recordOf,
  spareOf,
} from './directory-entry.ts';
import { dropIndex, FIELD, INODE, sizeOf, touch } from './inode.ts';
import { putInode } from './inode-block.ts';
import { blockSizeOf } from './volume.ts';

/** A place in a directory: a block of it, an offset there, and the record before it in the block (-1: none). */
export interface Found {
  readonly block: number;
  readonly offset: number;
  readonly previous: number;
  /** The inode that stands there. */
  readonly inode: number;
}

/** What to do about an entry: go on, or stop here. */
type Look = (entry: number, offset: number) => Code<boolean>;

const NOWHERE = { block: 0, offset: 0, previous: -1, inode: 0 } as const;

/** The first entry at which `look` stops: in which block; with a block of 0 if it nowhere did; or EIO. */
function* search(volume: number, directory: number, look: Look): Code<Found | number> {
  const size = yield* blockSizeOf(volume);
  const blocks = (yield* sizeOf(directory)) / size;
  for (let index = 0; index < blocks; index++) {
    const block = yield* mapBlock(volume, directory, index, 'leave');
    if (block <= 0) return block === 0 ? ERROR.EIO : block;
    const buffer = yield* readBuffer(volume, block);
    if (buffer < 0) return buffer;
    const found = yield* searchBlock(yield load(buffer + BUFFER.DATA), size, look);
    yield* releaseBuffer(volume, buffer);
    if (typeof found === 'number') return found;
    if (found.offset >= 0) return { ...found, block };
  }
  return NOWHERE;
}

function* searchBlock(data: number, size: number, look: Look): Code<Found | number> {
  let previous = -1;
  for (let offset = 0; offset < size; ) {
    const entry = data + offset;
    const record = yield* recordOf(entry, offset, size);
    if (record === 0) return ERROR.EIO;
    if (yield* look(entry, offset))
      return { block: 0, offset, previous, inode: yield load(entry + ENTRY.INODE) };
    previous = offset;
    offset += record;
  }
  return { ...NOWHERE, offset: -1 };
}

// DOC: lookup-name
/** Where a name stands; a block of 0 if it does not; or EIO. */
export function* lookUp(volume: number, directory: number, name: Name): Code<Found | number> {
  return yield* search(volume, directory, (entry) => hasName(entry, name));
}

/** Whether a directory has nothing in it but itself and its parent: 1 or 0; or EIO. */
export function* isEmpty(volume: number, directory: number): Code<number> {
  const found = yield* search(volume, directory, function* (entry) {
    return (yield load(entry + ENTRY.INODE)) !== 0 && !(yield* isDots(entry));
  });
  return typeof found === 'number' ? found : found.block === 0 ? 1 : 0;
}

// DOC: add-entry
/** Adds a name that is not there; gives 0 or ENOSPC, EFBIG, EIO. */
export function* addEntry(
  volume: number,
  directory: number,
  name: Name,
  inode: number,
  type: number,
): Code<number> {
  const flat = yield* flatten(volume, directory);
  if (flat !== 0) return flat;
  const wanted = recordFor(name.length);
  const room = yield* search(volume, directory, function* (entry) {
    return (yield* spareOf(entry)) >= wanted;
  });
  if (typeof room === 'number') return room;
  if (room.block === 0) return yield* append(volume, directory, name, inode, type);
  return yield* change(volume, directory, room.block, function* (data) {
    const entry = data + room.offset;
    const spare = yield* spareOf(entry);
    if (room.inode === 0) return yield* fillEntry(entry, inode, type, name);
    const used = recordFor(yield load8(entry + ENTRY.NAME_LENGTH));
    yield store16(entry + ENTRY.RECORD, used);
    yield* fillEntry(entry + used, inode, type, name, spare);
  });
}

/** A directory with a tree becomes one without, on the disk, before its entries change. */
function* flatten(volume: number, directory: number): Code<number> {
  return (yield* dropIndex(volume, directory)) ? yield* putInode(volume, directory, true) : 0;
}

/** Adds a block with one entry. */
function* append(volume: number, directory: number, name: Name, inode: number, type: number): Code<number> {
  const size = yield* blockSizeOf(volume);
  const old = yield* sizeOf(directory);
  const block = yield* mapBlock(volume, directory, old / size, 'fill');
  if (block < 0) return block;
  const written = yield* change(volume, directory, block, (data) => fillEntry(data, inode, type, name, size));
  if (written !== 0) return written;
  yield store(directory + FIELD.SIZE, old + size);
  yield* touch(volume, directory, true);
  // Pointers to the new block are on the disk before the size is.
  const blocks = yield* writeChanged(volume, yield load(directory + INODE.NUMBER));
  return blocks !== 0 ? blocks : yield* putInode(volume, directory, true);
}

/** Changes a block of a directory, on the disk, too; gives 0 or EIO. */
function* change(
  volume: number,
  directory: number,
  block: number,
  what: (data: number) => Code<void>,
): Code<number> {
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  yield* what(yield load(buffer + BUFFER.DATA));
  yield* changeBuffer(buffer, yield load(directory + INODE.NUMBER), true);
  const result = yield* writeBuffer(volume, buffer);
  yield* releaseBuffer(volume, buffer);
  yield* touch(volume, directory, true);
  return result;
}

// DOC: remove-entry
/** Takes an entry out: the record before it in the block becomes longer; gives 0 or EIO. */
export function* removeEntry(volume: number, directory: number, found: Found): Code<number> {
  const flat = yield* flatten(volume, directory);
  if (flat !== 0) return flat;
  return yield* change(volume, directory, found.block, function* (data) {
    const entry = data + found.offset;
    if (found.previous < 0) {
      yield store(entry + ENTRY.INODE, 0);
      return;
    }
    const before = data + found.previous;
    const record = (yield load16(before + ENTRY.RECORD)) + (yield load16(entry + ENTRY.RECORD));
    yield store16(before + ENTRY.RECORD, record);
  });
}

/** Lets an entry name another inode; gives 0 or EIO. */
export function* replaceEntry(
  volume: number,
  directory: number,
  found: Found,
  name: Name,
  inode: number,
  type: number,
): Code<number> {
  return yield* change(volume, directory, found.block, (data) =>
    fillEntry(data + found.offset, inode, type, name),
  );
}
