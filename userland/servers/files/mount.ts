/** Mounting and unmounting: the file system's state on the disk says whether the latter was done. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { mmap } from '../../runtime/system-calls.ts';
import { cacheSize, createCache } from './block-cache.ts';
import { descriptorBlocks, GROUP_SIZE, readGroups } from './groups.ts';
import { INODE_TABLE_SIZE } from './inode-table.ts';
import { closeAbandoned, OPEN_FILES_SIZE } from './open-files.ts';
import { countMount, isClean, readSuperblock, writeState } from './superblock.ts';
import { syncVolume } from './sync.ts';
import { VOLUME, VOLUME_SIZE } from './volume.ts';
import { releaseWindows } from './window.ts';

/** What came of a mount. */
export type Mounted =
  | { readonly kind: 'mounted'; readonly volume: number; readonly clean: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): Mounted => ({ kind: 'refused', reason });

const NO_MEMORY = 'there is no memory for the file server';

/** ".." */
const DOTS = 0x2e2e;

// DOC: mount
/** Mounts the file system on the disk, with a cache of so many blocks. */
export function* mount(buffers: number): Code<Mounted> {
  const volume = yield* memory(VOLUME_SIZE);
  const superblock = yield* memory(LIMIT.PAGE);
  if (volume < 0 || superblock < 0) return refused(NO_MEMORY);
  yield store(volume + VOLUME.SUPER, superblock);
  yield store(volume + VOLUME.DOTS, DOTS);
  const reason = yield* readSuperblock(volume);
  if (reason !== undefined) return refused(reason);
  if (!(yield* layOut(volume, buffers))) return refused(NO_MEMORY);
  if ((yield* readGroups(volume)) !== 0) return refused('the groups cannot be read');
  const clean = yield* isClean(volume);
  yield store(volume + VOLUME.WAS_CLEAN, clean ? 1 : 0);
  yield* countMount(volume);
  if ((yield* writeState(volume, false)) !== 0) return refused('the superblock cannot be written');
  return { kind: 'mounted', volume, clean };
}

/** Brings everything to the disk and, if it was in order before, says that it is again; gives 0 or EIO. */
export function* unmount(volume: number): Code<number> {
  yield* closeAbandoned(volume, true);
  const released = yield* releaseWindows(volume);
  if (released !== 0) return released;
  const written = yield* syncVolume(volume);
  if (written !== 0) return written;
  return (yield load(volume + VOLUME.WAS_CLEAN)) === 1 ? yield* writeState(volume, true) : 0;
}

function* layOut(volume: number, buffers: number): Code<boolean> {
  const size = yield load(volume + VOLUME.BLOCK_SIZE);
  const groups = yield load(volume + VOLUME.GROUPS);
  const parts = [
    [VOLUME.DESCRIPTORS, descriptorBlocks(groups, size) * size],
    [VOLUME.BITMAPS, 2 * groups * size],
    [VOLUME.GROUP_STATES, groups * GROUP_SIZE],
    [VOLUME.CACHE, cacheSize(buffers)],
    [VOLUME.INODE_TABLE, INODE_TABLE_SIZE],
    [VOLUME.OPEN_FILES, OPEN_FILES_SIZE],
    [VOLUME.SCRATCH, size],
  ] as const;
  for (const [field, bytes] of parts) {
    const at = yield* memory(bytes);
    if (at < 0) return false;
    yield store(volume + field, at);
  }
  const data = yield* memory(buffers * size);
  if (data < 0) return false;
  yield* createCache(yield load(volume + VOLUME.CACHE), buffers, data, size);
  return true;
}

function* memory(bytes: number): Code<number> {
  return yield* mmap(0, bytes, MAP.READ | MAP.WRITE, 0);
}
