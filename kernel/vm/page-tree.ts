/**
 * From page index to page descriptor: a radix tree whose nodes are one cache line of 16 pointers, as high as
 * the number of pages needs. A region of 4 pages has one node; of 4,096 pages, three levels, made on demand.
 *
 * *Locking:* the owner's lock guards the tree.
 */
import { call, type Code, load, store } from '../../hw/isa/index.ts';
import { allocate, free } from '../memory/heap.ts';
import { View } from '../view.ts';

const FAN_OUT = 16;
const FAN_OUT_SHIFT = 4;

/** Levels that a tree of so many pages needs. */
export const treeHeight = (pages: number): number => {
  let height = 1;
  while (pages > FAN_OUT ** height) height += 1;
  return height;
};

/** A tree: the word that points to its top node, and its height, which the owner knows. */
export class PageTree extends View {
  readonly height: number;
  constructor(address: number, height: number) {
    super(address);
    this.height = height;
  }

  /** The slot for an index, or 0 if the path to it does not exist. */
  *lockedSlot(index: number): Code<number> {
    let slot = this.address;
    for (let level = this.height - 1; level >= 0; level -= 1) {
      const node = yield load(slot);
      if (node === 0) return 0;
      slot = node + 4 * ((index >>> (FAN_OUT_SHIFT * level)) & (FAN_OUT - 1));
    }
    return slot;
  }

  /** The slot for an index, with the path made; 0 if there is no memory. */
  *lockedMakeSlot(local: number, index: number): Code<number> {
    let slot = this.address;
    for (let level = this.height - 1; level >= 0; level -= 1) {
      let node = yield load(slot);
      if (node === 0) {
        node = yield* allocate(local, 4 * FAN_OUT);
        if (node === 0) return 0;
        yield store(slot, node);
      }
      slot = node + 4 * ((index >>> (FAN_OUT_SHIFT * level)) & (FAN_OUT - 1));
    }
    return slot;
  }

  /** The first descriptor whose index is at least `from`, or 0. */
  *lockedNext(from: number): Code<number> {
    const top = yield load(this.address);
    return top === 0 ? 0 : yield* next(top, this.height - 1, from);
  }

  /** Frees the nodes. The descriptors must be gone, or in another tree. */
  *lockedFree(): Code {
    const top = yield load(this.address);
    if (top !== 0) yield* call(freeNode(top, this.height - 1));
    yield store(this.address, 0);
  }
}

function* next(node: number, level: number, from: number): Code<number> {
  const span = FAN_OUT ** level;
  for (let index = Math.floor(from / span); index < FAN_OUT; index += 1) {
    const child = yield load(node + 4 * index);
    if (child === 0) continue;
    if (level === 0) return child;
    const found = yield* call(next(child, level - 1, Math.max(0, from - index * span)));
    if (found !== 0) return found;
  }
  return 0;
}

function* freeNode(node: number, level: number): Code {
  if (level > 0) {
    for (let index = 0; index < FAN_OUT; index += 1) {
      const child = yield load(node + 4 * index);
      if (child !== 0) yield* call(freeNode(child, level - 1));
    }
  }
  yield* free(node);
}
