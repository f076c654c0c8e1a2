/**
 * The frame table: from a page frame to the page that lies in it, the way back that page-out needs. Each node has one at
 * the end of its memory, with an entry for every page of the node.
 *
 * *Locking:* none. The entry of a frame is written by whoever owns the frame. To the clock it is a hint: what it finds
 * there it looks up under the lock of the FCM before it believes it.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../layout.ts';
import { struct, word } from '../struct.ts';

/** What lies in a frame: page `index` of an FCM, given by its reference; or something that is no page, 0. */
export const FRAME = struct({ fcm: word, index: word });

/** Bytes of the table of a node. */
export const frameTableBytes = (memoryPerNode: number): number =>
  Math.ceil(((memoryPerNode / PAGE_SIZE) * FRAME.SIZE) / PAGE_SIZE) * PAGE_SIZE;

/** The entry of a frame. */
export function* frameEntry(local: number, frame: number): Code<number> {
  const offset = frame % (yield load(local + HART.memoryPerNode));
  return frame - offset + (yield load(local + HART.frameTable)) + (offset >>> PAGE_SHIFT) * FRAME.SIZE;
}

/** Notes that a page lies in a frame. */
export function* noteFrame(local: number, frame: number, fcm: number, index: number): Code {
  const entry = yield* frameEntry(local, frame);
  yield store(entry + FRAME.index, index);
  yield store(entry + FRAME.fcm, fcm);
}

/** Notes that a frame has no page any more: before it is given back. */
export function* forgetFrame(local: number, frame: number): Code {
  yield store((yield* frameEntry(local, frame)) + FRAME.fcm, 0);
}
