/**
 * What the page walker last found in each page frame: a table, or a user page and at which address of which
 * address space. For reports that give names to addresses, since pages are unmapped before a run ends.
 */
export type FrameUse =
  | { readonly kind: 'table'; readonly asid: number }
  | { readonly kind: 'user'; readonly asid: number; readonly page: number };

const PAGE_SHIFT = 12;
/** Marks a table, in the bits in which a page's address has zeroes. */
const TABLE = 1;
const NOTHING = -1;

export class FrameUses {
  private readonly asid: Int32Array;
  /** Address of the page, or TABLE. */
  private readonly page: Int32Array;

  /** @param memorySize bytes */
  constructor(memorySize: number) {
    this.asid = new Int32Array(memorySize >>> PAGE_SHIFT).fill(NOTHING);
    this.page = new Int32Array(memorySize >>> PAGE_SHIFT);
  }

  /** The walker of an address space read a table at an address. */
  table(address: number, asid: number): void {
    this.asid[address >>> PAGE_SHIFT] = asid;
    this.page[address >>> PAGE_SHIFT] = TABLE;
  }

  /** A user page of an address space was found to lie in a frame. */
  user(frame: number, page: number, asid: number): void {
    this.asid[frame >>> PAGE_SHIFT] = asid;
    this.page[frame >>> PAGE_SHIFT] = page & -(1 << PAGE_SHIFT);
  }

  /** What the frame of an address was last found to be. */
  at(address: number): FrameUse | undefined {
    const asid = this.asid[address >>> PAGE_SHIFT] ?? NOTHING;
    if (asid === NOTHING) return undefined;
    const page = this.page[address >>> PAGE_SHIFT] as number;
    return page === TABLE ? { kind: 'table', asid } : { kind: 'user', asid, page: page >>> 0 };
  }
}
