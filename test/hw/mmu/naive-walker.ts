/**
 * Sv32 as the manual's 4.3.2 puts it, read from memory at one go: what a translation must be, without TLB,
 * caches or time.
 */
import { isLeaf, PTE, pteAddress } from '../../../hw/mmu/page-table.ts';

export interface Request {
  readonly satp: number;
  readonly address: number;
  readonly write: boolean;
  readonly user: boolean;
}

export type Walked =
  | {
      readonly kind: 'mapped';
      readonly physical: number;
      readonly pte: number;
      readonly pteAt: number;
      readonly level: number;
    }
  | { readonly kind: 'page-fault' }
  /** A table or the page lies where there is no memory. */
  | { readonly kind: 'access-fault' };

const PAGE_FAULT: Walked = { kind: 'page-fault' };
const ACCESS_FAULT: Walked = { kind: 'access-fault' };

/** @param peek the word at a physical address, or undefined where no memory is */
export function walk(
  { satp, address, write, user }: Request,
  peek: (address: number) => number | undefined,
): Walked {
  let table = (satp & 0x3f_ffff) * 4096;
  for (const level of [1, 0]) {
    const index = level === 1 ? address >>> 22 : (address >>> 12) & 1023;
    const pteAt = table + 4 * index;
    const pte = peek(pteAt);
    if (pte === undefined) return ACCESS_FAULT;
    const reserved = (pte & PTE.WRITE) !== 0 && (pte & PTE.READ) === 0;
    if ((pte & PTE.VALID) === 0 || reserved) return PAGE_FAULT;
    if (!isLeaf(pte)) {
      table = pteAddress(pte);
      continue;
    }
    if (((pte & PTE.USER) !== 0) !== user) return PAGE_FAULT;
    if ((pte & (write ? PTE.WRITE : PTE.READ)) === 0) return PAGE_FAULT;
    const size = level === 1 ? 2 ** 22 : 2 ** 12;
    if (pteAddress(pte) % size !== 0) return PAGE_FAULT;
    const physical = pteAddress(pte) + ((address >>> 0) % size);
    if (peek(physical - (physical % 4)) === undefined) return ACCESS_FAULT;
    const marked = pte | PTE.ACCESSED | (write ? PTE.DIRTY : 0);
    return { kind: 'mapped', physical, pte: marked, pteAt, level };
  }
  return PAGE_FAULT;
}
