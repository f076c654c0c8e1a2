/**
 * The clock: which page of a node leaves memory when its frames run low (Corbató's second chance). A hand goes round the
 * frames of the node. A page that has been used since the hand came by last loses the mark of that and stays; one that
 * has not leaves.
 *
 * There is no thread for this: whoever needs a frame moves the hand on (direct reclaim), several at a time if several
 * do, each looking at other frames. They wait for the disk and for nobody else.
 *
 * *Locking:* none here. The hand is moved by fetch-and-add.
 */
import { type Code, fetchAndAdd, load, step } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';
import { lockedPrepareWait, wait } from '../threads/block.ts';
import { WAIT } from '../threads/thread.ts';
import { armTimeout } from '../threads/timers.ts';
import { STEP } from '../steps.ts';
import { DSM, dsmOf, releaseFrame } from './dsm.ts';
import { OUTCOME, pageOut } from './page-out.ts';
import { countPaging } from './paging.ts';
import { PAGING } from './paging-layout.ts';

/** Turns of the hand in one sweep: in the first the marks of use go, in the second the pages. */
const TURNS = 2;
/** How long a thread waits where every page is in use, in cycles, and how often if nothing leaves meanwhile. */
const PAUSE = 10_000;
const PATIENCE = 24;

// DOC: sweep
/** Moves the hand until a page has left; gives its frame, 0 if none can, or -1 if some are in use just now. */
function* sweep(local: number, node: number): Code<number> {
  const dsm = yield* dsmOf(local, node);
  const turn = yield* dsm.frames();
  let inUse = false;
  for (let moved = 0; moved < TURNS * turn; moved += 1) {
    const frame = yield* dsm.advanceHand();
    const outcome = yield* pageOut(local, frame);
    if (outcome === OUTCOME.inUse) inUse = true;
    if (outcome !== OUTCOME.free) continue;
    yield fetchAndAdd(dsm.address + DSM.departed, 1);
    yield* countPaging(PAGING.pagesOut);
    return frame;
  }
  return inUse ? -1 : 0;
}

// DOC: reclaim
/**
 * Has a page leave, of `node` or one of the next ones, `distance` nodes in all, and gives its frame; or 0 if none can.
 * While all are in use it waits, as long as pages leave at all, or come.
 */
export function* reclaim(local: number, node: number, distance: number): Code<number> {
  const nodes = yield load(local + HART.nodes);
  let departed = -1;
  for (let patience = PATIENCE; patience > 0; patience -= 1) {
    let inUse = false;
    let seen = 0;
    for (let away = 0; away < distance; away += 1) {
      const at = (node + away) % nodes;
      const frame = yield* step(STEP.reclaim, at, sweep(local, at));
      if (frame > 0 && !(yield* keptForKernel(local, at, frame))) return frame;
      if (frame !== 0) inUse = true;
      seen += yield load((yield* dsmOf(local, at)).address + DSM.departed);
    }
    if (!inUse) return 0;
    if (seen !== departed) patience = PATIENCE;
    departed = seen;
    yield* step(STEP.frameWait, node, pause(local, node));
  }
  return 0;
}

/** Gives a frame to the kernel's reserve, if that is not whole. */
function* keptForKernel(local: number, node: number, frame: number): Code<boolean> {
  const dsm = yield* dsmOf(local, node);
  if ((yield* dsm.freeFrames()) >= (yield load(dsm.address + DSM.reserve))) return false;
  yield* releaseFrame(local, frame);
  return true;
}

function* pause(local: number, node: number): Code {
  const thread = yield load(local + HART.current);
  yield* lockedPrepareWait(thread, 0, WAIT.frame, node);
  yield* armTimeout(local, thread, PAUSE);
  yield* wait(thread, 0);
}
