/**
 * Which block of the disk a block of a file is: twelve pointers lie in the inode, the others in blocks of pointers, one, two
 * or three deep. A pointer of 0 is a hole, which reads as zeroes.
 *
 * A block of pointers is on the disk, full of zeroes, before anything points to it.
 *
 * *Locking:* the inode's lock.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { allocateBlock, freeBlock } from './allocate.ts';
import {
  BUFFER,
  changeBuffer,
  forgetBuffer,
  getBuffer,
  readBuffer,
  releaseBuffer,
  writeBuffer,
} from './block-cache.ts';
import { zeroBytes } from './bytes.ts';
import { DIRECT, FIELD, INODE, touch } from './inode.ts';
import { blockSizeOf, VOLUME } from './volume.ts';

/** What becomes of a hole. */
export type IfHole =
  /** It stays one. */
  | 'leave'
  /** It becomes a block of zeroes. */
  | 'fill'
  /** It becomes a block of which the caller writes every byte. */
  | 'overwrite';

/** Where the pointer to a block of a file lies: in the inode, so many levels above it. */
export interface Place {
  readonly slot: number;
  readonly depth: number;
  /** Number of the block among those below the pointer. */
  readonly rest: number;
}

/** The place of a block of a file; undefined beyond what three levels hold. */
export function placeOf(index: number, perBlock: number): Place | undefined {
  if (index < DIRECT) return { slot: index, depth: 0, rest: 0 };
  let rest = index - DIRECT;
  for (let depth = 1; depth <= 3; depth++) {
    const span = perBlock ** depth;
    if (rest < span) return { slot: DIRECT + depth - 1, depth, rest };
    rest -= span;
  }
  return undefined;
}

// DOC: map-block
/** The block of the disk that is block `index` of a file; 0: it is a hole; or EFBIG, ENOSPC, EIO. */
export function* mapBlock(volume: number, inode: number, index: number, ifHole: IfHole): Code<number> {
  const perBlock = (yield* blockSizeOf(volume)) / 4;
  const place = placeOf(index, perBlock);
  if (place === undefined) return ERROR.EFBIG;
  const at = inode + FIELD.POINTERS + 4 * place.slot;
  let block = yield load(at);
  if (block === 0 && ifHole !== 'leave') {
    block = yield* newBlock(volume, inode, place.depth > 0 ? 'pointers' : ifHole);
    if (block < 0) return block;
    yield store(at, block);
    yield* touch(volume, inode);
  }
  let { rest } = place;
  for (let depth = place.depth; depth > 0 && block > 0; depth--) {
    const span = perBlock ** (depth - 1);
    const kind = depth > 1 ? 'pointers' : ifHole;
    block = yield* follow(volume, inode, block, (rest / span) | 0, kind, ifHole === 'leave');
    rest %= span;
  }
  return block;
}

/** Follows a pointer in a block of them, or makes what it is to point to. */
function* follow(
  volume: number,
  inode: number,
  block: number,
  index: number,
  kind: IfHole | 'pointers',
  leave: boolean,
): Code<number> {
  const buffer = yield* readBuffer(volume, block);
  if (buffer < 0) return buffer;
  const at = (yield load(buffer + BUFFER.DATA)) + 4 * index;
  let next = yield load(at);
  if (next === 0 && !leave) {
    next = yield* newBlock(volume, inode, kind);
    if (next > 0) {
      yield store(at, next);
      yield* changeBuffer(buffer, yield load(inode + INODE.NUMBER), true);
    }
  }
  yield* releaseBuffer(volume, buffer);
  return next;
}

// DOC: new-block
/** A block of a file that is new; or ENOSPC, EIO. */
function* newBlock(volume: number, inode: number, kind: IfHole | 'pointers'): Code<number> {
  const block = yield* allocateBlock(volume, yield* goalOf(volume, inode));
  if (block < 0) return block;
  const buffer = yield* getBuffer(volume, block);
  if (buffer > 0) {
    if (kind !== 'overwrite') yield* zeroBytes(yield load(buffer + BUFFER.DATA), yield* blockSizeOf(volume));
    yield* changeBuffer(buffer, yield load(inode + INODE.NUMBER), kind === 'pointers');
    const written = kind === 'pointers' ? yield* writeBuffer(volume, buffer) : 0;
    yield* releaseBuffer(volume, buffer);
    if (written === 0) {
      yield store(inode + INODE.GOAL, block + 1);
      yield store(
        inode + FIELD.SECTORS,
        (yield load(inode + FIELD.SECTORS)) + (yield load(volume + VOLUME.SECTORS)),
      );
      return block;
    }
    yield* forgetBuffer(volume, block);
  }
  yield* freeBlock(volume, block);
  return ERROR.EIO;
}

function* goalOf(volume: number, inode: number): Code<number> {
  const goal = yield load(inode + INODE.GOAL);
  if (goal !== 0) return goal;
  const group =
    (((yield load(inode + INODE.NUMBER)) - 1) / (yield load(volume + VOLUME.INODES_PER_GROUP))) | 0;
  return (yield load(volume + VOLUME.FIRST_BLOCK)) + group * (yield load(volume + VOLUME.BLOCKS_PER_GROUP));
}
