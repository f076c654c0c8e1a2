/** Opening files: by an existing name, or a new one. */
import type { Code } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { OPEN } from '../../files/protocol.ts';
import { createFile } from './create.ts';
import { lookUp } from './directory.ts';
import { resizeFile } from './file-data.ts';
import { inodeLock, KIND, kindOf } from './inode.ts';
import { dropInode, getInode, lockInode } from './inode-table.ts';
import { inParent } from './names.ts';
import { enterFile } from './open-files.ts';
import { walk } from './walk.ts';

const ALL_FLAGS = OPEN.READ | OPEN.WRITE | OPEN.CREATE | OPEN.TRUNCATE | OPEN.APPEND | OPEN.EXCLUSIVE;
/** What a directory cannot be opened for. */
const CHANGES = OPEN.WRITE | OPEN.CREATE | OPEN.TRUNCATE | OPEN.APPEND;

// DOC: open
/** open */
export function* open(volume: number, path: number, flags: number): Code<number> {
  const bad = (flags & ~ALL_FLAGS) !== 0 || (flags & (OPEN.READ | OPEN.WRITE)) === 0;
  if (bad || ((flags & OPEN.TRUNCATE) !== 0 && (flags & OPEN.WRITE) === 0)) return ERROR.EINVAL;
  const creates = (flags & OPEN.CREATE) !== 0;
  const inode = creates ? yield* findOrCreate(volume, path, flags) : yield* walk(volume, path);
  if (inode < 0) return inode;
  let result = yield* prepare(volume, inode, flags);
  if (result === 0) result = yield* enterFile(volume, inode, flags);
  if (result > 0) return result;
  yield* dropInode(volume, inode);
  return result;
}

function* findOrCreate(volume: number, path: number, flags: number): Code<number> {
  return yield* inParent(volume, path, function* ({ directory, name, slash }) {
    const exclusive = (flags & OPEN.EXCLUSIVE) !== 0;
    if (name.length === 0) return exclusive ? ERROR.EEXIST : ERROR.EISDIR;
    const found = yield* lookUp(volume, directory, name);
    if (typeof found === 'number') return found;
    if (found.block !== 0) return exclusive ? ERROR.EEXIST : yield* getInode(volume, found.inode);
    return slash ? ERROR.EISDIR : yield* createFile(volume, directory, name);
  });
}

/** Looks whether a file can be opened so, and empties it if it is to be; gives 0 or an error. */
function* prepare(volume: number, inode: number, flags: number): Code<number> {
  const failed = yield* lockInode(volume, inode);
  if (failed !== 0) return failed;
  const kind = yield* kindOf(inode);
  let result = 0;
  if (kind === KIND.directory) result = (flags & CHANGES) !== 0 ? ERROR.EISDIR : 0;
  else if (kind !== KIND.file) result = ERROR.EOPNOTSUPP;
  else if ((flags & OPEN.TRUNCATE) !== 0) result = yield* resizeFile(volume, inode, 0);
  yield* inodeLock(inode).release();
  return result;
}
