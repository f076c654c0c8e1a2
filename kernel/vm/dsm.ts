/**
 * DSM, the frame allocator (Tornado's DRAM manager): one object per node, with its own free list.
 *
 * Free frames are linked through their first words; frames above `fresh` were never used, so booting touches
 * none of them. When a node has none left, the next nodes are asked in turn; a frame goes home when it is freed.
 *
 * *Locking:* `lock` guards `free`, `count`, `fresh`. It is taken last (see locks/mcs.ts).
 */
import { type Code, load, step, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { acquire, release } from '../locks/mcs.ts';
import { deref } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { struct, word } from '../struct.ts';
import { View } from '../view.ts';

export const DSM = struct({
  class: word,
  node: word,
  lock: word,
  free: word,
  count: word,
  fresh: word,
  first: word,
  end: word,
});

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
  }

  /** Takes a frame; gives 0 if the node has none left. Its content is anything. */
  *allocate(): Code<number> {
    yield* acquire(this.address + DSM.lock);
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
    yield* release(this.address + DSM.lock);
    return frame;
  }

  /** Puts a frame back. Nothing may map it, and no TLB may hold it. */
  *release(frame: number): Code {
    yield* acquire(this.address + DSM.lock);
    yield store(frame, yield load(this.address + DSM.free));
    yield store(this.address + DSM.free, frame);
    yield store(this.address + DSM.count, (yield load(this.address + DSM.count)) + 1);
    yield* release(this.address + DSM.lock);
  }
}

function* dsmOf(local: number, node: number): Code<number> {
  return dsmRef(node, yield load(local + HART.hartsPerNode), yield load(local + HART.refsPerHart));
}

// DOC: allocate-frame
/** Takes a frame, on `node` if it has one, else on the next node that has; gives 0 if there is none at all. */
export function* allocateFrame(local: number, node: number): Code<number> {
  const nodes = yield load(local + HART.nodes);
  for (let distance = 0; distance < nodes; distance += 1) {
    const ref = yield* dsmOf(local, (node + distance) % nodes);
    const frame = yield* step(STEP.dsmAllocate, ref, new Dsm(yield* deref(ref)).allocate());
    if (frame !== 0) return frame;
  }
  return 0;
}

/** Gives a frame back to the node that it lies on. */
export function* releaseFrame(local: number, frame: number): Code {
  const node = (frame / (yield load(local + HART.memoryPerNode))) | 0;
  const ref = yield* dsmOf(local, node);
  yield* step(STEP.dsmRelease, ref, new Dsm(yield* deref(ref)).release(frame));
}
