/**
 * Looking at files: stat, fstat, readdir.
 *
 * *Locking:* as transfer.ts; stat by path locks the inode alone.
 */
import { type Code, load, load16, load8, store, store16, store8 } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { CHUNK, LISTED, OPEN, STAT } from '../../files/protocol.ts';
import { roundUp } from '../../runtime/line.ts';
import { BUFFER, readBuffer, releaseBuffer } from './block-cache.ts';
import { mapBlock } from './block-map.ts';
import { copyBytes } from './bytes.ts';
import { ENTRY, recordOf } from './directory-entry.ts';
import { FIELD, INODE, inodeLock, isDirectory, sizeOf } from './inode.ts';
import { dropInode, lockInode } from './inode-table.ts';
import { OPENED } from './open-files.ts';
import { withFile } from './transfer.ts';
import { blockSizeOf } from './volume.ts';
import { walk } from './walk.ts';

/** stat */
export function* statPath(volume: number, path: number, to: number): Code<number> {
  const inode = yield* walk(volume, path);
  if (inode < 0) return inode;
  const result = yield* lockInode(volume, inode);
  if (result === 0) {
    yield* tell(volume, inode, to);
    yield* inodeLock(inode).release();
  }
  const dropped = yield* dropInode(volume, inode);
  return result !== 0 ? result : dropped;
}

// DOC: fstat
/** fstat */
export function* statFile(volume: number, handle: number, to: number): Code<number> {
  return yield* withFile(volume, handle, 0, function* (_place, inode) {
    yield* tell(volume, inode, to);
    return 0;
  });
}

function* tell(volume: number, inode: number, to: number): Code {
  yield store(to + STAT.INODE, yield load(inode + INODE.NUMBER));
  yield store(to + STAT.MODE, yield load16(inode + FIELD.MODE));
  yield store(to + STAT.LINKS, yield load16(inode + FIELD.LINKS));
  yield store(to + STAT.SIZE, yield load(inode + FIELD.SIZE));
  yield store(to + STAT.SECTORS, yield load(inode + FIELD.SECTORS));
  yield store(to + STAT.MODIFIED, yield load(inode + FIELD.MODIFY_TIME));
  yield store(to + STAT.CHANGED, yield load(inode + FIELD.CHANGE_TIME));
  yield store(to + STAT.BLOCK_SIZE, yield* blockSizeOf(volume));
}

// DOC: readdir
/** readdir: as many of the next entries as fit in a chunk; gives their bytes, 0 at the end. */
export function* list(volume: number, handle: number, to: number): Code<number> {
  return yield* withFile(volume, handle, OPEN.READ, function* (place, inode) {
    if (!(yield* isDirectory(inode))) return ERROR.ENOTDIR;
    const size = yield* blockSizeOf(volume);
    let done = 0;
    for (let position = yield load(place + OPENED.OFFSET); position < (yield* sizeOf(inode)); ) {
      const listed = yield* listBlock(volume, inode, position, size, { at: to, done });
      if (typeof listed === 'number') return listed;
      done = listed.done;
      position = listed.position;
      yield store(place + OPENED.OFFSET, position);
      if (listed.full) break;
    }
    return done;
  });
}

/** How far a list has come in the directory, and in the chunk. */
interface Listed {
  readonly position: number;
  readonly done: number;
  readonly full: boolean;
}

function* listBlock(
  volume: number,
  inode: number,
  position: number,
  size: number,
  into: { readonly at: number; readonly done: number },
): Code<Listed | number> {
  const index = (position / size) | 0;
  const block = yield* mapBlock(volume, inode, index, 'leave');
  if (block <= 0) return block === 0 ? ERROR.EIO : block;
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  const listed = yield* listEntries(yield load(buffer + BUFFER.DATA), position - index * size, size, into);
  yield* releaseBuffer(volume, buffer);
  return typeof listed === 'number' ? listed : { ...listed, position: index * size + listed.position };
}

/** Entries from an offset on. Records may have grown together since the last call: it goes on behind the one it is in. */
function* listEntries(
  data: number,
  from: number,
  size: number,
  { at, done }: { readonly at: number; readonly done: number },
): Code<Listed | number> {
  let end = done;
  for (let offset = 0; offset < size; ) {
    const entry = data + offset;
    const record = yield* recordOf(entry, offset, size);
    if (record === 0) return ERROR.EIO;
    if (offset >= from && (yield load(entry + ENTRY.INODE)) !== 0) {
      const bytes = yield* listEntry(entry, at + end, CHUNK - end);
      if (bytes === 0) return { position: offset, done: end, full: true };
      end += bytes;
    }
    offset += record;
  }
  return { position: size, done: end, full: false };
}

/** Copies an entry out; gives its bytes, or 0 if there is no room. */
function* listEntry(entry: number, to: number, room: number): Code<number> {
  const length = yield load8(entry + ENTRY.NAME_LENGTH);
  const bytes = roundUp(LISTED.NAME + length, 4);
  if (bytes > room) return 0;
  yield store(to + LISTED.INODE, yield load(entry + ENTRY.INODE));
  yield store16(to + LISTED.RECORD, bytes);
  yield store8(to + LISTED.LENGTH, length);
  yield store8(to + LISTED.TYPE, yield load8(entry + ENTRY.TYPE));
  yield* copyBytes(to + LISTED.NAME, entry + ENTRY.NAME, length);
  return bytes;
}
