/**
 * Frames for pages. When a node has no more than its reserve, a page has to leave for each that comes; and when none can
 * leave, the reserve is all there is.
 *
 * *Locking:* none may be held: the caller may sleep.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { HART, localBase } from '../hart-local.ts';
import { reclaim } from './clock.ts';
import { allocateFrame, dsmOf, releaseFrame } from './dsm.ts';

/** Whether the caller may sleep: code without a thread cannot. */
function* hasThread(): Code<boolean> {
  return (yield load((yield* localBase()) + HART.current)) !== 0;
}

// DOC: take-page-frame
/** Takes a frame for a page, of `node` or, if `distance` allows it, of one of the next nodes; gives 0 if there is none. */
export function* takePageFrame(node: number, distance?: number): Code<number> {
  const local = yield* localBase();
  const far = Math.min(distance ?? 1 << 30, yield load(local + HART.nodes));
  const frame = yield* allocateFrame(local, node, true, far);
  if (frame !== 0) return frame;
  const reclaimed = (yield* hasThread()) ? yield* reclaim(local, node, far) : 0;
  return reclaimed !== 0 ? reclaimed : yield* allocateFrame(local, node, false, far);
}

/** Has a page leave so that the kernel has a frame for itself; gives whether one did. */
export function* makeRoom(node: number): Code<boolean> {
  if (!(yield* hasThread())) return false;
  const local = yield* localBase();
  const frame = yield* reclaim(local, node, yield load(local + HART.nodes));
  if (frame === 0) return false;
  yield* releaseFrame(local, frame);
  return true;
}

/** Before something that needs memory of the kernel’s own: sees to it that this node has some, if pages can leave. */
export function* keepReserve(): Code {
  const local = yield* localBase();
  const node = yield load(local + HART.node);
  if (yield* (yield* dsmOf(local, node)).isLow()) yield* makeRoom(node);
}
