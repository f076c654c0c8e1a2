/**
 * DSM, the frame allocator (Tornado's DRAM manager): one object per node, with its own free list.
 *
 * Free frames are linked through their first words; frames above `fresh` were never used, so booting touches
 * none of them. When a node has none left, its harts borrow of the next nodes, one frame at a time; a
 * frame goes home when it is freed. Whether a neighbour has any is looked at without its lock, so that a machine that is
 * short of memory does not take every node's lock for every frame.
 *
 * When few are left, the last ones, `reserve`, are for the kernel's own: its heap and its page tables, which cannot wait
 * until a page has left. Who wants a frame for a page has one leave instead (page-frames.ts).
 *
 * *Locking:* `lock` guards `free`, `count`, `fresh`, `lent`. It is taken last (see locks/mcs.ts). `hand` and `departed` by fetch-and-add.
 * In the traditional kernel (variant.ts) the lock of node 0's DSM guards those of all nodes, and theirs are never taken.
 */
import { type Code, fetchAndAdd, load, panic, step, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK, PAGE_SIZE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { HART_HEAP, HEAP_MODE } from '../memory/layout.ts';
import { derefFixed } from '../objects/fixed-root.ts';
import { PANIC } from '../panics.ts';
import { STEP } from '../steps.ts';
import { struct, word } from '../struct.ts';
import { View } from '../view.ts';
import { isTraditional } from './variant.ts';

export const DSM = struct({
  class: word,
  node: word,
  lock: word,
  /** Free frames that were used, linked; and how many they are. */
  free: word,
  count: word,
  /** The first frame that was never used. */
  fresh: word,
  first: word,
  end: word,
  /** Frames that other nodes' harts have been given because they had none. Only ever rises. */
  lent: word,
  /** Frames that are not for pages, as long as any page can leave. */
  reserve: word,
  /** Where the clock hand is: frames that it has come by. Only ever rises, as does how many pages have left. */
  hand: word,
  departed: word,
});

/** So many frames of a node make one of its reserve, which is no larger than MOST_RESERVED. */
const FRAMES_PER_RESERVED = 16;
const MOST_RESERVED = 16;

/** What a frame has while it is free. */
const FREE_FRAME = struct({ next: word, mark: word });
const freeMark = (frame: number): number => 0x46524d45 ^ frame;

/** Index, in the partition of a node's first hart, of the reference of the node's DSM. */
export const DSM_INDEX = 1;

/** The reference of a node's DSM: known by arithmetic, since a node cannot boot without it. */
export const dsmRef = (node: number, hartsPerNode: number, refsPerHart: number): number =>
  4 * (node * hartsPerNode * refsPerHart + DSM_INDEX);

export class Dsm extends View {
  /** Lays the object out over the frames from `first` up to `end`. */
  *initialize(node: number, first: number, end: number): Code {
    yield store(this.address + DSM.class, CLASS.dsm);
    yield store(this.address + DSM.node, node);
    yield store(this.address + DSM.first, first);
    yield store(this.address + DSM.fresh, first);
    yield store(this.address + DSM.end, end);
    const frames = (end - first) / PAGE_SIZE;
    const reserve = Math.min(MOST_RESERVED, Math.floor(frames / FRAMES_PER_RESERVED));
    yield store(this.address + DSM.reserve, reserve);
  }

  /** Frames that are free. Exact under the lock, else at a glance. */
  *freeFrames(): Code<number> {
    const fresh = yield load(this.address + DSM.fresh);
    const neverUsed = ((yield load(this.address + DSM.end)) - fresh) / PAGE_SIZE;
    return (yield load(this.address + DSM.count)) + neverUsed;
  }

  /** Whether, at a glance, no more are free than the kernel needs for itself. */
  *isLow(): Code<boolean> {
    return (yield* this.freeFrames()) <= (yield load(this.address + DSM.reserve));
  }

  /** How many frames the node has. */
  *frames(): Code<number> {
    return ((yield load(this.address + DSM.end)) - (yield load(this.address + DSM.first))) / PAGE_SIZE;
  }

  /** The next frame that the clock hand comes to. */
  *advanceHand(): Code<number> {
    const passed = (yield fetchAndAdd(this.address + DSM.hand, 1)) >>> 0;
    return (yield load(this.address + DSM.first)) + (passed % (yield* this.frames())) * PAGE_SIZE;
  }

  /** Whether there is a frame, at a glance: it may be gone, or have come, a moment later. */
  *hasFrame(): Code<boolean> {
    if ((yield load(this.address + DSM.free)) !== 0) return true;
    return (yield load(this.address + DSM.fresh)) < (yield load(this.address + DSM.end));
  }

  /** Takes a frame; gives 0 if the node has none left (for pages: none but its reserve). Its content is anything. */
  *allocate(local: number, isLent: boolean, forPage = false): Code<number> {
    const lock = yield* this.lockOf(local);
    yield* acquire(lock);
    const frame = forPage && (yield* this.isLow()) ? 0 : yield* this.lockedTake();
    if (isLent && frame !== 0)
      yield store(this.address + DSM.lent, (yield load(this.address + DSM.lent)) + 1);
    yield* release(lock);
    return frame;
  }

  // DOC: frame-lock
  /** The lock that this hart's kernel takes for these frames: the node's own, or the one of all frames. */
  private *lockOf(local: number): Code<number> {
    return ((yield* isTraditional(local)) ? GLOBAL + NODE_BLOCK.dsm : this.address) + DSM.lock;
  }

  private *lockedTake(): Code<number> {
    let frame = yield load(this.address + DSM.free);
    if (frame !== 0) {
      yield store(this.address + DSM.free, yield load(frame));
      yield store(this.address + DSM.count, (yield load(this.address + DSM.count)) - 1);
    } else {
      const fresh = yield load(this.address + DSM.fresh);
      if (fresh < (yield load(this.address + DSM.end))) {
        frame = fresh;
        yield store(this.address + DSM.fresh, fresh + PAGE_SIZE);
      }
    }
    return frame;
  }

  /**
   * Puts a frame back. Nothing may map it, and no TLB may hold it.
   * @param isChecked whether to make sure that it is not free already, if it looks like it
   */
  *release(local: number, frame: number, isChecked: boolean): Code {
    const lock = yield* this.lockOf(local);
    yield* acquire(lock);
    const isFrame =
      frame % PAGE_SIZE === 0 &&
      frame >= (yield load(this.address + DSM.first)) &&
      frame < (yield load(this.address + DSM.fresh));
    if (!isFrame) yield panic(PANIC.foreignFrame);
    if (isChecked) yield* this.lockedRefuse(frame);
    yield store(frame + FREE_FRAME.mark, freeMark(frame));
    yield store(frame, yield load(this.address + DSM.free));
    yield store(this.address + DSM.free, frame);
    yield store(this.address + DSM.count, (yield load(this.address + DSM.count)) + 1);
    yield* release(lock);
  }

  /** Stops the kernel if a frame is free. A page may hold the mark by chance, so the list decides. */
  private *lockedRefuse(frame: number): Code {
    if ((yield load(frame + FREE_FRAME.mark)) !== freeMark(frame)) return;
    for (let free = yield load(this.address + DSM.free); free !== 0; free = yield load(free)) {
      if (free === frame) yield panic(PANIC.frameFreedTwice);
    }
  }
}

function* dsmRefOf(local: number, node: number): Code<number> {
  return dsmRef(node, yield load(local + HART.hartsPerNode), yield load(local + HART.refsPerHart));
}

/** The DSM of a node. */
export function* dsmOf(local: number, node: number): Code<Dsm> {
  return new Dsm(yield* derefFixed(yield* dsmRefOf(local, node)));
}

// DOC: allocate-frame
/**
 * Takes a frame, on `node` if it has one, else on the next node that has; gives 0 if there is none at all.
 * @param forPage whether it is for a page: then each node's reserve is left
 * @param distance how many nodes to ask. Default: all of them
 */
export function* allocateFrame(
  local: number,
  node: number,
  forPage = false,
  distance?: number,
): Code<number> {
  const nodes = yield load(local + HART.nodes);
  for (let away = 0; away < Math.min(nodes, distance ?? nodes); away += 1) {
    const ref = yield* dsmRefOf(local, (node + away) % nodes);
    const dsm = new Dsm(yield* derefFixed(ref));
    if (away > 0 && !(yield* dsm.hasFrame())) continue;
    const frame = yield* step(STEP.dsmAllocate, ref, dsm.allocate(local, away > 0, forPage));
    if (frame !== 0) return frame;
  }
  return 0;
}

/** Gives a frame back to the node that it lies on. */
export function* releaseFrame(local: number, frame: number): Code {
  const node = (frame / (yield load(local + HART.memoryPerNode))) | 0;
  const ref = yield* dsmRefOf(local, node);
  const isChecked = ((yield load(local + HART.heap + HART_HEAP.mode)) & HEAP_MODE.checked) !== 0;
  yield* step(STEP.dsmRelease, ref, new Dsm(yield* derefFixed(ref)).release(local, frame, isChecked));
}
