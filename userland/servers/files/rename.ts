/**
 * Renaming: the new name is on the disk before the old one goes, so that there is always one. Two directories are locked at
 * once, the one that is above the other first; nobody else moves a directory meanwhile.
 *
 * *Locking:* `RENAME` of the volume, then the directories, then what is in them.
 */
import { type Code, load } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { addEntry, type Found, lookUp, removeEntry, replaceEntry } from './directory.ts';
import { LONGEST_NAME, type Name } from './directory-entry.ts';
import { addLinks, INODE, inodeLock, isDirectory, TYPE, typeOf } from './inode.ts';
import { putInode } from './inode-block.ts';
import { dropInode, getInode, lockInode, shareInode, unlockInode } from './inode-table.ts';
import { isSpecial, loseName, mayGo, unfit } from './names.ts';
import { VOLUME } from './volume.ts';
import { find, type Parent, ROOT_INODE, walkToParent } from './walk.ts';

// DOC: rename
/** rename */
export function* rename(volume: number, oldPath: number, newPath: number): Code<number> {
  const lock = new FutexMutex(volume + VOLUME.RENAME);
  yield* lock.acquire();
  const from = yield* walkToDirectory(volume, oldPath);
  const to = typeof from === 'number' ? from : yield* walkToDirectory(volume, newPath);
  let result = typeof to === 'number' ? to : 0;
  if (typeof from !== 'number') {
    if (typeof to !== 'number') {
      result = yield* move(volume, from, to);
      yield* dropInode(volume, to.directory);
    }
    const dropped = yield* dropInode(volume, from.directory);
    if (result === 0) result = dropped;
  }
  yield* lock.release();
  return result;
}

function* move(volume: number, from: Parent, to: Parent): Code<number> {
  if ((yield* isSpecial(from.name)) || (yield* isSpecial(to.name))) return ERROR.EINVAL;
  if (Math.max(from.name.length, to.name.length) > LONGEST_NAME) return ERROR.ENAMETOOLONG;
  const inode = yield* peek(volume, from);
  if (inode < 0) return inode;
  const number = yield load(inode + INODE.NUMBER);
  // A directory cannot come to lie in itself; and of two directories the upper one is locked first.
  const inside = yield* isWithin(volume, to.directory, number);
  const below = yield* isWithin(volume, to.directory, yield load(from.directory + INODE.NUMBER));
  let result = inside < 0 ? inside : below < 0 ? below : inside === 1 ? ERROR.EINVAL : 0;
  if (result === 0) result = yield* lockBoth(volume, from.directory, to.directory, below === 1);
  if (result === 0) {
    result = yield* moveLocked(volume, from, to, inode);
    yield* unlockInode(from.directory);
    if (to.directory !== from.directory) yield* unlockInode(to.directory);
  }
  const dropped = yield* dropInode(volume, inode);
  return result !== 0 ? result : dropped;
}

/** Looks at a directory, locked. */
function* look(volume: number, directory: number, what: () => Code<number>): Code<number> {
  const failed = yield* lockInode(volume, directory);
  if (failed !== 0) return failed;
  const result = (yield* unfit(directory)) || (yield* what());
  yield* unlockInode(directory);
  return result;
}

/** The directory in which the last name of a path stands, or would; or an error, such as that it is none. */
function* walkToDirectory(volume: number, path: number): Code<Parent | number> {
  const parent = yield* walkToParent(volume, path);
  if (typeof parent === 'number') return parent;
  // biome-ignore lint/correctness/useYield: being a directory is enough
  const bad = yield* look(volume, parent.directory, function* () {
    return 0;
  });
  if (bad === 0) return parent;
  yield* dropInode(volume, parent.directory);
  return bad;
}

/** A reference to what a name stands for. */
function* peek(volume: number, { directory, name }: Parent): Code<number> {
  return yield* look(volume, directory, () => find(volume, directory, name));
}

// DOC: is-within
/** Whether a directory is the inode of a number, or lies in it: 1 or 0; or an error. */
function* isWithin(volume: number, directory: number, number: number): Code<number> {
  let at = directory;
  yield* shareInode(volume, at);
  for (;;) {
    const here = yield load(at + INODE.NUMBER);
    if (here === number || here === ROOT_INODE) {
      yield* dropInode(volume, at);
      return here === number ? 1 : 0;
    }
    const up = yield* peek(volume, {
      directory: at,
      name: { at: volume + VOLUME.DOTS, length: 2 },
      slash: false,
    });
    yield* dropInode(volume, at);
    if (up < 0) return up;
    at = up;
  }
}

function* lockBoth(volume: number, from: number, to: number, fromFirst: boolean): Code<number> {
  const [first, second] = fromFirst ? [from, to] : [to, from];
  const failed = yield* lockInode(volume, first);
  if (failed !== 0 || first === second) return failed;
  const result = yield* lockInode(volume, second);
  if (result !== 0) yield* unlockInode(first);
  return result;
}

/** Both directories are locked. */
function* moveLocked(volume: number, from: Parent, to: Parent, inode: number): Code<number> {
  const bad = (yield* unfit(from.directory)) || (yield* unfit(to.directory));
  if (bad !== 0) return bad;
  const source = yield* lookUp(volume, from.directory, from.name);
  const target = yield* lookUp(volume, to.directory, to.name);
  if (typeof source === 'number') return source;
  if (typeof target === 'number') return target;
  // Somebody has taken the name away meanwhile, or made another file of it.
  if (source.block === 0 || source.inode !== (yield load(inode + INODE.NUMBER))) return ERROR.ENOENT;
  if (target.block !== 0 && target.inode === source.inode) return 0;
  const failed = yield* lockInode(volume, inode);
  if (failed !== 0) return failed;
  const directory = yield* isDirectory(inode);
  // What lies in a directory cannot take its place, which is not empty.
  const isAbove = target.block !== 0 && target.inode === (yield load(from.directory + INODE.NUMBER));
  if (isAbove) {
    yield* inodeLock(inode).release();
    return directory ? ERROR.ENOTEMPTY : ERROR.EISDIR;
  }
  let result = !directory && (from.slash || to.slash) ? ERROR.ENOTDIR : 0;
  if (result === 0) result = yield* giveName(volume, to, inode, target);
  if (result === 0 && directory && from.directory !== to.directory)
    result = yield* giveParent(volume, from.directory, to.directory, inode);
  if (result === 0) result = yield* takeName(volume, from, inode);
  yield* inodeLock(inode).release();
  return result;
}

/** Lets the new name stand for the locked inode, instead of what it stood for. */
function* giveName(volume: number, to: Parent, inode: number, target: Found): Code<number> {
  const directory = yield* isDirectory(inode);
  const type = yield* typeOf(inode);
  const number = yield load(inode + INODE.NUMBER);
  if (target.block === 0) {
    const counted = yield* count(volume, inode);
    return counted !== 0 ? counted : yield* addEntry(volume, to.directory, to.name, number, type);
  }
  const old = yield* getInode(volume, target.inode);
  if (old < 0) return old;
  let result = yield* lockInode(volume, old);
  if (result === 0) {
    result = yield* mayGo(volume, old, directory, false);
    if (result === 0) result = yield* count(volume, inode);
    if (result === 0) result = yield* replaceEntry(volume, to.directory, target, to.name, number, type);
    if (result === 0) yield* loseName(volume, to.directory, old, directory);
    yield* inodeLock(old).release();
  }
  const dropped = yield* dropInode(volume, old);
  return result !== 0 ? result : dropped;
}

/** For a moment it has one name more, on the disk, too. */
function* count(volume: number, inode: number): Code<number> {
  yield* addLinks(volume, inode, 1);
  const written = yield* putInode(volume, inode, true);
  if (written !== 0) yield* addLinks(volume, inode, -1);
  return written;
}

/** A directory that has moved has another parent. */
function* giveParent(volume: number, from: number, to: number, inode: number): Code<number> {
  yield* addLinks(volume, to, 1);
  const counted = yield* putInode(volume, to, true);
  if (counted !== 0) return counted;
  const name: Name = { at: volume + VOLUME.DOTS, length: 2 };
  const parent = yield* lookUp(volume, inode, name);
  if (typeof parent === 'number') return parent;
  const number = yield load(to + INODE.NUMBER);
  const changed = yield* replaceEntry(volume, inode, parent, name, number, TYPE.directory);
  if (changed === 0) yield* addLinks(volume, from, -1);
  return changed;
}

/** Takes the old name away; its place may be another since the new one came. */
function* takeName(volume: number, from: Parent, inode: number): Code<number> {
  const source = yield* lookUp(volume, from.directory, from.name);
  if (typeof source === 'number') return source;
  const removed = yield* removeEntry(volume, from.directory, source);
  yield* addLinks(volume, inode, -1);
  return removed;
}
