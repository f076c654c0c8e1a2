/** System calls by which the file server has files mapped: fileWindow … fileTouch, pagerAccept, pagerReply. */
import { DISK, DISK_BLOCK, DISK_COMMAND } from '../../hw/address-map.ts';
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { PAGE_REQUEST } from '../abi/startup.ts';
import { copyOutWord } from '../io/copy.ts';
import { diskTransfer } from '../io/disk.ts';
import { describeRequest, endRequest, isServed, nextRequest } from '../io/pager.ts';
import { hasDisk } from '../io/user-disk.ts';
import { PAGE_SIZE } from '../layout.ts';
import { THREAD } from '../threads/thread.ts';
import { openWindow, shareWindow, syncWindow } from '../vm/file-window.ts';
import { pin, unpin } from '../vm/pin.ts';

/** fileWindow(key, pages) */
export function* fileWindow(thread: number, key: number, pages: number): Code<number> {
  return (yield* hasDisk(thread)) ? yield* openWindow(thread, key, pages) : ERROR.EPERM;
}

/** fileShare(window, address, pages, offset, flags) */
export function* fileShare(
  thread: number,
  window: number,
  address: number,
  pages: number,
  offset: number,
  flags: number,
): Code<number> {
  const wanted = { window, address, pages, offset, flags };
  return (yield* hasDisk(thread)) ? yield* shareWindow(thread, wanted) : ERROR.EPERM;
}

/** fileSync(window) */
export function* fileSync(thread: number, window: number): Code<number> {
  return (yield* hasDisk(thread)) ? yield* syncWindow(thread, window) : ERROR.EPERM;
}

/** fileTouch(address, writes) */
export function* fileTouch(thread: number, address: number, writes: number): Code<number> {
  if (!(yield* hasDisk(thread))) return ERROR.EPERM;
  const page = yield* pin(yield load(thread + THREAD.process), address, writes === 0 ? 'load' : 'store');
  if (page.kind === 'refused') return page.error;
  yield* unpin(page);
  return 0;
}

/** pagerAccept(address) */
export function* pagerAccept(thread: number, address: number): Code<number> {
  if (!(yield* hasDisk(thread))) return ERROR.EPERM;
  const wanted = yield* nextRequest(thread);
  if (wanted < 0) return wanted;
  const [request, writes, key, page] = yield* describeRequest(wanted);
  const failure =
    (yield* copyOutWord(thread, address + PAGE_REQUEST.REQUEST, request)) ||
    (yield* copyOutWord(thread, address + PAGE_REQUEST.WRITES, writes)) ||
    (yield* copyOutWord(thread, address + PAGE_REQUEST.KEY, key)) ||
    (yield* copyOutWord(thread, address + PAGE_REQUEST.PAGE, page));
  if (failure !== 0) yield* endRequest(wanted, ERROR.EIO);
  return failure;
}

// DOC: pager-reply
/** pagerReply(request, address, pieces) */
export function* pagerReply(thread: number, request: number, address: number, pieces: number): Code<number> {
  if (!(yield* hasDisk(thread))) return ERROR.EPERM;
  const good = pieces >= 0 && pieces <= PAGE_SIZE / DISK_BLOCK && (pieces & (pieces - 1)) === 0;
  if (!good || (address & 3) !== 0) return ERROR.EINVAL;
  if (!(yield* isServed(request))) return ERROR.ESRCH;
  const result = pieces === 0 ? ERROR.EIO : yield* move(thread, request, address, pieces);
  yield* endRequest(request, result === 0 ? 0 : ERROR.EIO);
  return pieces === 0 ? 0 : result;
}

/** Moves the pieces of a page, which is in nobody's hands but the request's; gives 0 or an error. */
function* move(thread: number, request: number, address: number, pieces: number): Code<number> {
  const command = yield load(request + THREAD.diskCommand);
  const frame = yield load(request + THREAD.diskAddress);
  const blocks = PAGE_SIZE / DISK_BLOCK / pieces;
  const all = yield load(DISK.BLOCKS);
  for (let piece = 0; piece < pieces; piece += 1) {
    const word = yield* readWord(thread, address + 4 * piece);
    if (word.error !== 0) return word.error;
    const at = frame + piece * blocks * DISK_BLOCK;
    if (word.value === 0) {
      if (command === DISK_COMMAND.read) yield* zero(at, blocks * DISK_BLOCK);
      continue;
    }
    if (word.value < 0 || word.value > all - blocks) return ERROR.EINVAL;
    const moved = yield* diskTransfer(command, word.value, at, blocks);
    if (moved !== 0) return moved;
  }
  return 0;
}

function* readWord(
  thread: number,
  address: number,
): Code<{ readonly error: number; readonly value: number }> {
  const page = yield* pin(yield load(thread + THREAD.process), address, 'load');
  if (page.kind === 'refused') return { error: page.error, value: 0 };
  const value = yield load(page.physical);
  yield* unpin(page);
  return { error: 0, value };
}

function* zero(address: number, bytes: number): Code {
  for (let at = 0; at < bytes; at += 4) yield store(address + at, 0);
}
