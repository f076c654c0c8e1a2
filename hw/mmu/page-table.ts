/** Sv32 page-table entries: RISC-V Privileged Architecture, 4.3. */

/** Flag bits of a page-table entry. */
export const PTE = {
  VALID: 1,
  READ: 2,
  WRITE: 4,
  EXECUTE: 8,
  USER: 16,
  GLOBAL: 32,
  ACCESSED: 64,
  DIRTY: 128,
  /** Of the two bits left to software, the one that this platform takes for *do not cache* (without coherence). */
  UNCACHED: 256,
} as const;

/** The entry that maps the frame (or next table) at a physical address with flags. */
export const makePte = (address: number, flags: number): number => ((address >>> 12) << 10) | flags;

/** The physical address that an entry points to. */
export const pteAddress = (pte: number): number => (pte >>> 10) * 4096;

/** Whether an entry maps memory, rather than pointing to the next table. */
export const isLeaf = (pte: number): boolean => (pte & (PTE.READ | PTE.WRITE | PTE.EXECUTE)) !== 0;
