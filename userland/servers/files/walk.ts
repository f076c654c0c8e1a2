/**
 * The walk along a path, from the root down: one directory is locked at a time, and a reference keeps what was found. Every
 * path begins at the root.
 *
 * A name that is a symbolic link is not followed.
 */
import { type Code, load8 } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { PATH_BYTES } from '../../files/protocol.ts';
import { lookUp } from './directory.ts';
import { LONGEST_NAME, type Name } from './directory-entry.ts';
import { isDirectory } from './inode.ts';
import { dropInode, getInode, lockInode, unlockInode } from './inode-table.ts';

/** Inode of the root directory. */
export const ROOT_INODE = 2;
const SLASH = 47;

/** The directory that a path leads to but for its last name, with a reference; and that name. */
export interface Parent {
  readonly directory: number;
  readonly name: Name;
  /** Whether a slash comes behind the name: it is to be a directory. */
  readonly slash: boolean;
}

/** The name that begins at an address or behind slashes there; of length 0 at the end. */
function* nextName(at: number): Code<Name> {
  let from = at;
  while ((yield load8(from)) === SLASH) from++;
  let length = 0;
  for (let byte = yield load8(from); byte !== 0 && byte !== SLASH; byte = yield load8(from + length))
    length++;
  return { at: from, length };
}

/** Whether a path has an end, and is not empty: 0, or ENOENT, ENAMETOOLONG. */
function* checkPath(path: number): Code<number> {
  if ((yield load8(path)) === 0) return ERROR.ENOENT;
  for (let at = 1; at < PATH_BYTES; at++) if ((yield load8(path + at)) === 0) return 0;
  return ERROR.ENAMETOOLONG;
}

// DOC: walk-step
/** A reference to what a name in a directory stands for, instead of that to the directory; or an error. */
function* step(volume: number, directory: number, name: Name): Code<number> {
  let result = name.length > LONGEST_NAME ? ERROR.ENAMETOOLONG : yield* lockInode(volume, directory);
  if (result === 0) {
    result = (yield* isDirectory(directory)) ? yield* find(volume, directory, name) : ERROR.ENOTDIR;
    yield* unlockInode(directory);
  }
  const dropped = yield* dropInode(volume, directory);
  if (dropped === 0 || result < 0) return result;
  yield* dropInode(volume, result);
  return dropped;
}

/** A reference to what a name in a locked directory stands for; or ENOENT, ENFILE, EIO. */
export function* find(volume: number, directory: number, name: Name): Code<number> {
  const found = yield* lookUp(volume, directory, name);
  if (typeof found === 'number') return found;
  return found.block === 0 ? ERROR.ENOENT : yield* getInode(volume, found.inode);
}

/** A reference to what a path leads to; or an error. */
export function* walk(volume: number, path: number): Code<number> {
  const parent = yield* walkToParent(volume, path);
  if (typeof parent === 'number') return parent;
  if (parent.name.length === 0) return parent.directory;
  const inode = yield* step(volume, parent.directory, parent.name);
  if (inode < 0 || !parent.slash) return inode;
  let result = yield* lockInode(volume, inode);
  if (result === 0) {
    if (!(yield* isDirectory(inode))) result = ERROR.ENOTDIR;
    yield* unlockInode(inode);
  }
  if (result === 0) return inode;
  yield* dropInode(volume, inode);
  return result;
}

// DOC: walk-to-parent
/** The directory in which the last name of a path stands, or would; of the root the name has no letter. Or an error. */
export function* walkToParent(volume: number, path: number): Code<Parent | number> {
  const bad = yield* checkPath(path);
  if (bad !== 0) return bad;
  let directory = yield* getInode(volume, ROOT_INODE);
  for (let name = yield* nextName(path); directory > 0; ) {
    const behind = name.at + name.length;
    const next = yield* nextName(behind);
    if (next.length === 0) return { directory, name, slash: (yield load8(behind)) === SLASH };
    directory = yield* step(volume, directory, name);
    name = next;
  }
  return directory;
}
