/**
 * The pager: a thread of the file server that the kernel asks where the pages of windows lie. It takes no lock that a thread
 * holds which waits for a page, and touches no window itself.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { LIMIT, MAP, PAGE_REQUEST } from '../../../kernel/abi/index.ts';
import { pagerAccept, pagerReply } from '../../runtime/file-calls.ts';
import { orThrow } from '../../runtime/system-call-error.ts';
import { mmap } from '../../runtime/system-calls.ts';
import { sizeOf } from './inode.ts';
import { blockSizeOf, VOLUME } from './volume.ts';
import { mapMapped } from './window.ts';

/** Memory of a pager: a request, then where its pieces lie. */
const OWN = { REQUEST: 0, PIECES: 64 } as const;

// DOC: pager
/** Serves requests until the server ends. */
export function* pager(volume: number): Code<number> {
  const own = orThrow('mmap', yield* mmap(0, LIMIT.PAGE, MAP.READ | MAP.WRITE, 0));
  for (;;) {
    const result = yield* pagerAccept(own + OWN.REQUEST);
    if (result < 0) return result;
    const request = yield load(own + PAGE_REQUEST.REQUEST);
    yield* pagerReply(request, own + OWN.PIECES, yield* locate(volume, own));
  }
}

/** Notes where the blocks of the wanted page are; gives how many, or 0: it cannot be said. */
function* locate(volume: number, own: number): Code<number> {
  const inode = yield load(own + PAGE_REQUEST.KEY);
  const writes = (yield load(own + PAGE_REQUEST.WRITES)) !== 0;
  const size = yield* blockSizeOf(volume);
  const pieces = LIMIT.PAGE / size;
  const sectors = yield load(volume + VOLUME.SECTORS);
  const first = (yield load(own + PAGE_REQUEST.PAGE)) * pieces;
  const end = yield* sizeOf(inode);
  for (let piece = 0; piece < pieces; piece++) {
    // A hole that was stored to becomes a block; what lies behind the end does not.
    const isIn = (first + piece) * size < end;
    const block = isIn ? yield* mapMapped(volume, inode, first + piece, writes ? 'overwrite' : 'leave') : 0;
    if (block < 0) return 0;
    yield store(own + OWN.PIECES + 4 * piece, block * sectors);
  }
  return pieces;
}
