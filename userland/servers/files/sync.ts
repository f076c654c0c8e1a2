/** Bringing what was changed to the disk: of one file, or of all. */
import { type Code, load } from '../../../hw/isa/index.ts';
import { writeChanged } from './block-cache.ts';
import { writeBitmaps, writeDescriptors } from './groups.ts';
import { INODE } from './inode.ts';
import { putInode } from './inode-block.ts';
import { putAllInodes } from './inode-table.ts';
import { writeSuperblock } from './superblock.ts';
import { syncWindow } from './window.ts';

// DOC: fsync
/** Writes all of a locked file, its content first; gives 0 or EIO. Its name is on the disk since it was made. */
export function* syncInode(volume: number, inode: number): Code<number> {
  const pages = yield* syncWindow(inode);
  if (pages !== 0) return pages;
  const content = yield* writeChanged(volume, yield load(inode + INODE.NUMBER));
  return content !== 0 ? content : yield* putInode(volume, inode, true);
}

/** Writes everything; gives 0 or EIO, though it goes on after an error. */
export function* syncVolume(volume: number): Code<number> {
  let result = 0;
  for (const part of [
    putAllInodes,
    (at: number) => writeChanged(at, 0),
    writeBitmaps,
    writeDescriptors,
    writeSuperblock,
  ]) {
    const written = yield* part(volume);
    if (written !== 0) result = written;
  }
  return result;
}
