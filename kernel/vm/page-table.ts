/** Sv32 page tables: entries and where they lie. RISC-V privileged specification, section Sv32. */
export const PTE = Object.freeze({ V: 1, R: 2, W: 4, X: 8, U: 16, G: 32, A: 64, D: 128, UNCACHED: 256 });

/** Entries of a table. */
export const ENTRIES = 1024;
/** Bytes that one entry of a root table covers: a superpage. */
export const SUPERPAGE = 1 << 22;

/** The entry for a frame. */
export const pteFor = (frame: number, flags: number): number => ((frame >>> 12) << 10) | flags;

/** The frame that an entry points to. */
export const frameOf = (entry: number): number => (entry >>> 10) << 12;

/** Where the entry of a page lies in a root table. */
export const slot1 = (root: number, page: number): number => root + 4 * (page >>> 22);

/** Where the entry of a page lies in a second-level table. */
export const slot0 = (table: number, page: number): number => table + 4 * ((page >>> 12) & (ENTRIES - 1));
