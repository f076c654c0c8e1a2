/**
 * Operations on names: mkdir, unlink, rmdir. A name is gone from the disk before what it stood for is given back.
 *
 * *Locking:* the directory, then what is in it.
 */
import { type Code, load, load16, load8, store16 } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { createDirectory } from './create.ts';
import { isEmpty, lookUp, removeEntry } from './directory.ts';
import { LONGEST_NAME, type Name } from './directory-entry.ts';
import { addLinks, FIELD, inodeLock, isDirectory, touch } from './inode.ts';
import { dropInode, getInode, lockInode, unlockInode } from './inode-table.ts';
import { type Parent, walkToParent } from './walk.ts';

/** Does something about the last name of a path, with its directory locked; gives a result. */
export function* inParent(
  volume: number,
  path: number,
  what: (parent: Parent) => Code<number>,
): Code<number> {
  const parent = yield* walkToParent(volume, path);
  if (typeof parent === 'number') return parent;
  const result = yield* locked(volume, parent, what);
  const dropped = yield* dropInode(volume, parent.directory);
  return result < 0 || dropped === 0 ? result : dropped;
}

function* locked(volume: number, parent: Parent, what: (parent: Parent) => Code<number>): Code<number> {
  if (parent.name.length > LONGEST_NAME) return ERROR.ENAMETOOLONG;
  const failed = yield* lockInode(volume, parent.directory);
  if (failed !== 0) return failed;
  const bad = yield* unfit(parent.directory);
  const result = bad !== 0 ? bad : yield* what(parent);
  yield* unlockInode(parent.directory);
  return result;
}

/** Why a locked inode is no directory that names can be in; or 0. */
export function* unfit(directory: number): Code<number> {
  if (!(yield* isDirectory(directory))) return ERROR.ENOTDIR;
  return (yield load16(directory + FIELD.LINKS)) === 0 ? ERROR.ENOENT : 0;
}

/** Whether a name is `.`, `..`, or has no letter: such names are not given or taken away. */
export function* isSpecial({ at, length }: Name): Code<boolean> {
  const dot = 46;
  if (length === 0) return true;
  if (length > 2 || (yield load8(at)) !== dot) return false;
  return length === 1 || (yield load8(at + 1)) === dot;
}

/** mkdir */
export function* makeDirectory(volume: number, path: number): Code<number> {
  const made = yield* inParent(volume, path, function* ({ directory, name }) {
    if (yield* isSpecial(name)) return ERROR.EEXIST;
    const found = yield* lookUp(volume, directory, name);
    if (typeof found === 'number') return found;
    return found.block !== 0 ? ERROR.EEXIST : yield* createDirectory(volume, directory, name);
  });
  return made < 0 ? made : yield* dropInode(volume, made);
}

// DOC: unlink
/** unlink, or with `directories` rmdir */
export function* removeName(volume: number, path: number, directories: boolean): Code<number> {
  const removed = yield* inParent(volume, path, function* ({ directory, name, slash }) {
    if (yield* isSpecial(name)) return directories ? ERROR.EINVAL : ERROR.EISDIR;
    const found = yield* lookUp(volume, directory, name);
    if (typeof found === 'number') return found;
    if (found.block === 0) return ERROR.ENOENT;
    const inode = yield* getInode(volume, found.inode);
    if (inode < 0) return inode;
    let result = yield* lockInode(volume, inode);
    if (result === 0) {
      result = yield* mayGo(volume, inode, directories, slash);
      if (result === 0) result = yield* removeEntry(volume, directory, found);
      if (result === 0) yield* loseName(volume, directory, inode, directories);
      yield* inodeLock(inode).release();
    }
    const dropped = yield* dropInode(volume, inode);
    return result !== 0 ? result : dropped;
  });
  return removed;
}

/** Why a locked inode's name is not taken away, or 0. */
export function* mayGo(volume: number, inode: number, directories: boolean, slash: boolean): Code<number> {
  const directory = yield* isDirectory(inode);
  if (!directories && directory) return ERROR.EISDIR;
  if ((directories || slash) && !directory) return ERROR.ENOTDIR;
  if ((yield load(inode + FIELD.ACL)) !== 0) return ERROR.EOPNOTSUPP;
  const empty = directory ? yield* isEmpty(volume, inode) : 1;
  return empty < 0 ? empty : empty === 1 ? 0 : ERROR.ENOTEMPTY;
}

/** The name of a locked inode in a locked directory is gone. */
export function* loseName(volume: number, directory: number, inode: number, isItself: boolean): Code {
  if (!isItself) {
    yield* addLinks(volume, inode, -1);
    return;
  }
  yield store16(inode + FIELD.LINKS, 0);
  yield* touch(volume, inode);
  yield* addLinks(volume, directory, -1);
}
