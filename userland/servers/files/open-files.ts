/**
 * Open files: who has opened what, and how far it has come. A handle is the number of a place here and a serial number; it is
 * good for the process that has opened the file, of which the kernel says who it is.
 *
 * *Locking:* each place has a lock of its own, on a line of its own: threads that use files of their own share nothing. A
 * place is taken by compare-and-swap. The inode is locked within the place.
 */
import { type Code, compareAndSwap, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { LINE } from '../../runtime/line.ts';
import { caller, processIsLive } from '../../runtime/server-calls.ts';
import { currentHart } from '../../runtime/system-calls.ts';
import { FutexMutex } from '../../sync/locks/futex-mutex.ts';
import { dropInode } from './inode-table.ts';
import { VOLUME } from './volume.ts';
import { releaseWindow } from './window.ts';

export const OPENED = {
  LOCK: 0,
  /** Process that has opened it; 0: free. */
  OWNER: 4,
  HANDLE: 8,
  INODE: 12,
  /** Of OPEN. */
  FLAGS: 16,
  OFFSET: 20,
  SERIAL: 24,
} as const;

const PLACES = 256;
const PLACE_SIZE = LINE;
/** Places of a hart that come first when it opens a file. */
const OWN = 8;
const SERIALS = 0x3f_ffff;
/** A place that is taken and not filled in yet. */
const TAKEN = -1;

/** Bytes of the table. */
export const OPEN_FILES_SIZE = PLACES * PLACE_SIZE;

function* placeAt(volume: number, index: number): Code<number> {
  return (yield load(volume + VOLUME.OPEN_FILES)) + (index % PLACES) * PLACE_SIZE;
}

// DOC: open-file
/** Enters an inode, whose reference goes over, as opened by the caller; gives its handle, or ENFILE, EBADF. */
export function* enterFile(volume: number, inode: number, flags: number): Code<number> {
  const owner = yield* caller();
  if (owner < 0) return ERROR.EBADF;
  const first = (yield* currentHart()) * OWN;
  for (let index = first; index < first + PLACES; index++) {
    const place = yield* placeAt(volume, index);
    if ((yield load(place + OPENED.OWNER)) !== 0) continue;
    if ((yield compareAndSwap(place + OPENED.OWNER, 0, TAKEN)) !== 0) continue;
    const serial = ((yield load(place + OPENED.SERIAL)) % SERIALS) + 1;
    const handle = serial * PLACES + (index % PLACES);
    yield store(place + OPENED.SERIAL, serial);
    yield store(place + OPENED.HANDLE, handle);
    yield store(place + OPENED.INODE, inode);
    yield store(place + OPENED.FLAGS, flags);
    yield store(place + OPENED.OFFSET, 0);
    yield store(place + OPENED.OWNER, owner);
    // If it has ended meanwhile, nobody else closes this.
    if ((yield* processIsLive(owner)) === 0) yield* closePlace(volume, place, owner);
    return handle;
  }
  return ERROR.ENFILE;
}

// DOC: use-file
/** The place of a handle, locked; or EBADF: forged, another's, or closed. */
export function* useFile(volume: number, handle: number): Code<number> {
  if (handle < 0) return ERROR.EBADF;
  const place = yield* placeAt(volume, handle);
  const owner = yield* caller();
  yield* new FutexMutex(place + OPENED.LOCK).acquire();
  const good = (yield load(place + OPENED.OWNER)) === owner && (yield load(place + OPENED.HANDLE)) === handle;
  if (good && owner > 0) return place;
  yield* new FutexMutex(place + OPENED.LOCK).release();
  return ERROR.EBADF;
}

/** Unlocks it. */
export function* leaveFile(place: number): Code {
  yield* new FutexMutex(place + OPENED.LOCK).release();
}

/** close */
export function* closeFile(volume: number, handle: number): Code<number> {
  const place = yield* useFile(volume, handle);
  return place < 0 ? place : yield* lockedClose(volume, place);
}

/** Closes what is in a locked place, and unlocks it; gives 0 or EIO. */
function* lockedClose(volume: number, place: number): Code<number> {
  const inode = yield load(place + OPENED.INODE);
  yield store(place + OPENED.HANDLE, 0);
  yield* leaveFile(place);
  yield store(place + OPENED.OWNER, 0);
  const released = yield* releaseWindow(volume, inode);
  const dropped = yield* dropInode(volume, inode);
  return released !== 0 ? released : dropped;
}

function* closePlace(volume: number, place: number, owner: number): Code {
  yield* new FutexMutex(place + OPENED.LOCK).acquire();
  if ((yield load(place + OPENED.OWNER)) === owner && (yield load(place + OPENED.HANDLE)) !== 0)
    yield* lockedClose(volume, place);
  else yield* leaveFile(place);
}

/** Closes the files of every process that has ended, or (`all`) of everybody. */
export function* closeAbandoned(volume: number, all: boolean): Code {
  for (let index = 0; index < PLACES; index++) {
    const place = yield* placeAt(volume, index);
    const owner = yield load(place + OPENED.OWNER);
    if (owner > 0 && (all || (yield* processIsLive(owner)) === 0)) yield* closePlace(volume, place, owner);
  }
}
