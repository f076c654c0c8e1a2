/**
 * Blocks of heaps, as the marks of an allocator say: where they lie, who has them, which bytes have been written.
 * Filed by page, since a block is looked for at every access.
 */
import type { Actor } from '../actor.ts';
import { hex } from '../words.ts';

/** Who did something to a block, on which hart, and when. */
export interface Deed {
  readonly who: Actor;
  readonly hart: number;
  readonly cycle: number;
}

export interface Block {
  readonly space: number;
  readonly address: number;
  readonly bytes: number;
  readonly allocated: Deed;
  /** Once it has been freed. */
  freed: Deed | undefined;
  /** A byte for each: 1 once it has been written. */
  readonly written: Uint8Array;
}

const PAGE_SHIFT = 12;

export class HeapBlocks {
  private readonly spaces = new Map<number, Map<number, Block[]>>();

  /** The block that an address lies in. */
  at(space: number, address: number): Block | undefined {
    const page = this.spaces.get(space)?.get(address >>> PAGE_SHIFT);
    return page?.find((block) => address >= block.address && address < block.address + block.bytes);
  }

  allocated(space: number, address: number, bytes: number, who: Actor, cycle: number): void {
    this.renewed(space, address, address + bytes);
    const block: Block = {
      space,
      address,
      bytes,
      allocated: { who, hart: who.hart, cycle },
      freed: undefined,
      written: new Uint8Array(bytes),
    };
    const pages = this.spaces.get(space) ?? new Map<number, Block[]>();
    this.spaces.set(space, pages);
    eachPage(address, address + bytes, (page) => {
      const blocks = pages.get(page);
      if (blocks === undefined) pages.set(page, [block]);
      else blocks.push(block);
    });
  }

  /** Forgets the blocks that overlap a range: the memory is used anew. */
  renewed(space: number, from: number, to: number): void {
    const pages = this.spaces.get(space);
    if (pages === undefined) return;
    const gone = new Set<Block>();
    eachPage(from, to, (page) => {
      for (const block of pages.get(page) ?? [])
        if (block.address < to && block.address + block.bytes > from) gone.add(block);
    });
    for (const block of gone) {
      eachPage(block.address, block.address + block.bytes, (page) => {
        pages.set(page, pages.get(page)?.filter((each) => each !== block) ?? []);
      });
    }
  }

  vanished(space: number): void {
    this.spaces.delete(space);
  }
}

function eachPage(from: number, to: number, visit: (page: number) => void): void {
  for (let page = from >>> PAGE_SHIFT; page <= (to - 1) >>> PAGE_SHIFT; page++) visit(page);
}

/** `8 bytes into the heap block of 24 bytes at 0x00010000`. */
export const offsetIn = (block: Block, address: number): string => {
  const inside = address - block.address;
  const where = `the heap block of ${block.bytes} bytes at ${hex(block.address)}`;
  return inside === 0 ? where : `${inside} bytes into ${where}`;
};
