/**
 * The translation look-aside buffers of all harts: set-associative for pages, and a small fully associative
 * one for 4 MiB superpages. Entries carry an address-space number. Replacement is first in, first out, so a
 * look-up changes nothing. An entry holds the page-table entry as it was when it was walked; it can be stale
 * until `fenceTranslations`.
 */
import type { TlbGeometry } from '../config.ts';

const SUPERPAGES = 8;
const EMPTY = -1;

/** One entry, for checkers. */
export interface TlbEntry {
  readonly asid: number;
  /** Virtual page number (of the first page, for a superpage). */
  readonly page: number;
  /** The page-table entry. */
  readonly pte: number;
  /** 0 for a page, 1 for a superpage. */
  readonly level: number;
}

export class Tlb {
  private readonly ways: number;
  private readonly setMask: number;
  private readonly entries: number;
  private readonly keys: Int32Array;
  private readonly ptes: Int32Array;
  private readonly oldest: Uint8Array;
  private readonly superKeys: Int32Array;
  private readonly superPtes: Int32Array;
  private readonly superOldest: Uint8Array;
  /** Place of each hart's last superpage hit: looked at first. */
  private readonly superLast: Int32Array;
  /** Whether the last hit was on a superpage. */
  superpage = false;

  constructor(harts: number, geometry: TlbGeometry) {
    this.ways = geometry.ways;
    this.entries = geometry.entries;
    const sets = geometry.entries / geometry.ways;
    this.setMask = sets - 1;
    this.keys = new Int32Array(harts * geometry.entries).fill(EMPTY);
    this.ptes = new Int32Array(harts * geometry.entries);
    this.oldest = new Uint8Array(harts * sets);
    this.superKeys = new Int32Array(harts * SUPERPAGES).fill(EMPTY);
    this.superPtes = new Int32Array(harts * SUPERPAGES);
    this.superOldest = new Uint8Array(harts);
    this.superLast = new Int32Array(harts);
    for (let hart = 0; hart < harts; hart++) this.superLast[hart] = hart * SUPERPAGES;
  }

  /** The page-table entry for a page (20 bits) in an address space, or 0 on a miss; sets `superpage`. */
  find(hart: number, asid: number, page: number): number {
    const superKey = (asid << 10) | (page >>> 10);
    const last = this.superLast[hart] as number;
    if (this.superKeys[last] === superKey) {
      this.superpage = true;
      return this.superPtes[last] as number;
    }
    const key = (asid << 20) | page;
    const first = hart * this.entries + (page & this.setMask) * this.ways;
    for (let at = first; at < first + this.ways; at++) {
      if (this.keys[at] === key) {
        this.superpage = false;
        return this.ptes[at] as number;
      }
    }
    return this.findSuper(hart, superKey);
  }

  insert(hart: number, asid: number, page: number, pte: number, level: number): void {
    if (level === 1) {
      this.insertSuper(hart, (asid << 10) | (page >>> 10), pte);
      return;
    }
    const key = (asid << 20) | page;
    const set = page & this.setMask;
    const first = hart * this.entries + set * this.ways;
    let at = EMPTY;
    for (let way = first; way < first + this.ways; way++) {
      if (this.keys[way] === key) at = way;
      else if (at === EMPTY && this.keys[way] === EMPTY) at = way;
    }
    if (at === EMPTY) {
      const turn = hart * (this.setMask + 1) + set;
      at = first + (this.oldest[turn] as number);
      this.oldest[turn] = ((this.oldest[turn] as number) + 1) % this.ways;
    }
    this.keys[at] = key;
    this.ptes[at] = pte;
  }

  /** Drops entries of a page (-1: of all pages) in an address space (-1: in all). */
  drop(hart: number, page: number, asid: number): void {
    const first = hart * this.entries;
    for (let at = first; at < first + this.entries; at++) {
      const key = this.keys[at] as number;
      if (key !== EMPTY && (page < 0 || (key & 0xfffff) === page) && (asid < 0 || key >>> 20 === asid)) {
        this.keys[at] = EMPTY;
      }
    }
    const firstSuper = hart * SUPERPAGES;
    for (let at = firstSuper; at < firstSuper + SUPERPAGES; at++) {
      const key = this.superKeys[at] as number;
      if (key !== EMPTY && (page < 0 || (key & 0x3ff) === page >>> 10) && (asid < 0 || key >>> 10 === asid)) {
        this.superKeys[at] = EMPTY;
      }
    }
  }

  /** All entries of a hart. */
  list(hart: number): TlbEntry[] {
    const found: TlbEntry[] = [];
    for (let at = hart * this.entries; at < (hart + 1) * this.entries; at++) {
      const key = this.keys[at] as number;
      if (key !== EMPTY)
        found.push({ asid: key >>> 20, page: key & 0xfffff, pte: this.ptes[at] as number, level: 0 });
    }
    for (let at = hart * SUPERPAGES; at < (hart + 1) * SUPERPAGES; at++) {
      const key = this.superKeys[at] as number;
      if (key !== EMPTY) {
        found.push({
          asid: key >>> 10,
          page: (key & 0x3ff) << 10,
          pte: this.superPtes[at] as number,
          level: 1,
        });
      }
    }
    return found;
  }

  private findSuper(hart: number, key: number): number {
    const first = hart * SUPERPAGES;
    for (let at = first; at < first + SUPERPAGES; at++) {
      if (this.superKeys[at] === key) {
        this.superLast[hart] = at;
        this.superpage = true;
        return this.superPtes[at] as number;
      }
    }
    return 0;
  }

  private insertSuper(hart: number, key: number, pte: number): void {
    const first = hart * SUPERPAGES;
    let at = this.superKeys.indexOf(key, first);
    if (at < 0 || at >= first + SUPERPAGES) at = this.superKeys.indexOf(EMPTY, first);
    if (at < 0 || at >= first + SUPERPAGES) {
      at = first + (this.superOldest[hart] as number);
      this.superOldest[hart] = ((this.superOldest[hart] as number) + 1) % SUPERPAGES;
    }
    this.superKeys[at] = key;
    this.superPtes[at] = pte;
  }
}
