/** System calls by which the file server has files mapped: windows, and the requests for their pages. */
import { type Code, environmentCall } from '../../hw/isa/index.ts';
import { SYSCALL } from '../../kernel/abi/index.ts';

/**
 * Maps a file, which the server knows by a key, into the server's memory.
 * @returns the address, or an error
 */
export function* fileWindow(key: number, pages: number): Code<number> {
  return yield environmentCall(SYSCALL.fileWindow, key, pages);
}

/**
 * Maps pages of a window into the process whose call by LRPC the thread carries out.
 * @returns the address there, or an error
 */
export function* fileShare(
  window: number,
  address: number,
  pages: number,
  offset: number,
  flags: number,
): Code<number> {
  return yield environmentCall(SYSCALL.fileShare, window, address, pages, offset, flags);
}

/**
 * Writes back what anybody has written to a window.
 * @returns how many others have it mapped, or an error
 */
export function* fileSync(window: number): Code<number> {
  return yield environmentCall(SYSCALL.fileSync, window);
}

/**
 * Brings the page of an address in.
 * @returns 0, or an error (EIO)
 */
export function* fileTouch(address: number, writes: number): Code<number> {
  return yield environmentCall(SYSCALL.fileTouch, address, writes);
}

/**
 * Waits for a request for a page, and stores PAGE_REQUEST.
 * @returns 0, or an error
 */
export function* pagerAccept(address: number): Code<number> {
  return yield environmentCall(SYSCALL.pagerAccept, address);
}

/**
 * Says where the page of a request lies on the disk, in so many pieces; none: it cannot be had.
 * @returns 0, or an error
 */
export function* pagerReply(request: number, address: number, pieces: number): Code<number> {
  return yield environmentCall(SYSCALL.pagerReply, request, address, pieces);
}
