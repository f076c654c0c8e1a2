/**
 * What a test knows of the blocks of the kernel heap: who was given which, and what is written into them. A block that is
 * given out while another one has some of its bytes, or whose words have changed under its owner, is an error.
 */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { SMALLEST_BLOCK } from '../../../kernel/memory/layout.ts';

/** How a block was asked for. */
export type Sharing = 'padded' | 'global' | 'local';

export interface Held {
  readonly address: number;
  readonly bytes: number;
  readonly sharing: Sharing;
  readonly hart: number;
  readonly tag: number;
}

export class Ledger {
  /** Blocks in use, that may be freed. */
  readonly held: Held[] = [];
  /** What was found wrong. */
  readonly errors: string[] = [];
  private readonly granules = new Map<number, Held>();
  private tags = 0;

  /** Enters a block that has just been given out; gives its record. */
  enter(address: number, bytes: number, sharing: Sharing, hart: number): Held {
    this.tags += 1;
    const block: Held = { address, bytes, sharing, hart, tag: Math.imul(this.tags, 0x9e3779b1) };
    for (const granule of granulesOf(block)) {
      const other = this.granules.get(granule);
      if (other !== undefined) this.errors.push(`0x${address.toString(16)} was given out twice`);
      this.granules.set(granule, block);
    }
    return block;
  }

  /** Takes out the block at an index, which is about to be freed; any hart may. */
  leave(index: number): Held {
    const [block] = this.held.splice(index, 1);
    if (block === undefined) throw new RangeError(`there is no block ${index}`);
    for (const granule of granulesOf(block)) this.granules.delete(granule);
    return block;
  }

  /** Writes all words of a block that were asked for, which must be zero; then others may free it. */
  *fill(block: Held): Code {
    const { address, bytes, tag } = block;
    for (let offset = 0; offset + 4 <= bytes; offset += 4) {
      if ((yield load(address + offset)) !== 0) this.errors.push(`0x${address.toString(16)} was not zero`);
      yield store(address + offset, tag);
    }
    this.held.push(block);
  }

  /** Reads them again. */
  *verify({ address, bytes, tag }: Held): Code {
    for (let offset = 0; offset + 4 <= bytes; offset += 4) {
      if ((yield load(address + offset)) !== tag) this.errors.push(`0x${address.toString(16)} was changed`);
    }
  }
}

function granulesOf({ address, bytes }: Held): number[] {
  const found: number[] = [];
  for (let at = address; at < address + bytes; at += SMALLEST_BLOCK) found.push(at / SMALLEST_BLOCK);
  return found;
}
