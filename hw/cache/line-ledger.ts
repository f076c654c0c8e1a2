/** What befell each line of memory in all caches together: misses by kind, and copies lost to writes of others. */
import { MISS_KINDS } from './miss-kinds.ts';

const PAGE_SHIFT = 12;
const KINDS = MISS_KINDS.length;
const STRIDE = KINDS + 1;

/** A line's account. */
export interface LineAccount {
  readonly line: number;
  readonly misses: number;
  /** Misses by kind, in the order of MISS_KINDS. */
  readonly byKind: readonly number[];
  /** Copies that writes of other cores, or devices, destroyed. */
  readonly invalidations: number;
}

export class LineLedger {
  private readonly pages: (Uint32Array | undefined)[];
  private readonly shift: number;
  private readonly mask: number;

  /** @param memorySize bytes; @param lineShift log2 of the bytes of a line */
  constructor(memorySize: number, lineShift: number) {
    this.shift = PAGE_SHIFT - lineShift;
    this.mask = (1 << this.shift) - 1;
    this.pages = new Array<Uint32Array | undefined>(Math.ceil(memorySize / (1 << PAGE_SHIFT))).fill(
      undefined,
    );
  }

  /** Adds a miss, or takes one back; gives how many of all kinds the line has now. */
  miss(line: number, kind: number, amount = 1): number {
    const page = this.page(line);
    const at = (line & this.mask) * STRIDE;
    page[at + kind] = (page[at + kind] as number) + amount;
    let sum = 0;
    for (let other = 0; other < KINDS; other++) sum += page[at + other] as number;
    return sum;
  }

  invalidation(line: number): void {
    const page = this.page(line);
    const at = (line & this.mask) * STRIDE + KINDS;
    page[at] = (page[at] as number) + 1;
  }

  /** The accounts of the lines with most misses, the hottest first; of equals the lower line. */
  hottest(count: number): LineAccount[] {
    const best: LineAccount[] = [];
    for (const [number, page] of this.pages.entries()) {
      if (page === undefined) continue;
      for (let index = 0; index <= this.mask; index++) {
        const account = accountOf((number << this.shift) + index, page, index * STRIDE);
        const last = best[count - 1];
        if (account.misses === 0 || (last !== undefined && last.misses >= account.misses)) continue;
        const place = best.findIndex((other) => other.misses < account.misses);
        best.splice(place < 0 ? best.length : place, 0, account);
        best.length = Math.min(best.length, count);
      }
    }
    return best;
  }

  private page(line: number): Uint32Array {
    return (this.pages[line >>> this.shift] ??= new Uint32Array((this.mask + 1) * STRIDE));
  }
}

function accountOf(line: number, page: Uint32Array, at: number): LineAccount {
  const byKind = [...page.subarray(at, at + KINDS)];
  return {
    line,
    misses: byKind.reduce((sum, misses) => sum + misses, 0),
    byKind,
    invalidations: page[at + KINDS] as number,
  };
}
