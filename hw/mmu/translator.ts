/**
 * Virtual to physical: the TLB, and on a miss the hardware walk of the Sv32 tables in emulated memory.
 * The walk reads entries through the cache and sets their accessed and dirty bits. RISC-V Privileged
 * Architecture, 4.3.2; supervisor mode has no access to user pages (SUM is not built: a kernel copies).
 */
import { COUNTER, type Counters } from '../counters.ts';
import type { HartState } from '../hart/hart-state.ts';
import type { MemoryPort } from '../hart/memory-port.ts';
import { SATP } from '../isa/csr.ts';
import type { TraceBus } from '../trace/bus.ts';
import type { FrameUses } from './frame-uses.ts';
import { isLeaf, PTE, pteAddress } from './page-table.ts';
import type { Tlb } from './tlb.ts';

/** What `translate` gives when there is no translation. */
export const PAGE_FAULT = -1;
/** What `translate` gives when a table, or the page, lies where no memory is. */
export const TABLE_FAULT = -2;

/** Physical addresses have 31 bits here; an entry can name one of 34. */
const BEYOND_PHYSICAL = 2 ** 31;
const WHOLE = -1;
const PAGE_MASK = 0xfff;
const SUPERPAGE_MASK = 0x3fffff;

export class Translator {
  private readonly harts: HartState;
  private readonly tlb: Tlb;
  private readonly port: MemoryPort;
  private readonly counters: Counters;
  private readonly trace: TraceBus;
  private readonly memorySize: number;
  /** Whether the page of the last translation must not be cached. */
  uncached = false;
  /** Where it is noted what lies in each page frame, if somebody wants to know. */
  frameUses: FrameUses | undefined = undefined;
  private level = 0;

  constructor(
    harts: HartState,
    tlb: Tlb,
    port: MemoryPort,
    counters: Counters,
    trace: TraceBus,
    memorySize: number,
  ) {
    this.harts = harts;
    this.tlb = tlb;
    this.port = port;
    this.counters = counters;
    this.trace = trace;
    this.memorySize = memorySize;
  }

  // DOC: translate
  /** The physical address for an access under the hart's satp and mode, or PAGE_FAULT or TABLE_FAULT. */
  translate(hart: number, address: number, write: boolean): number {
    const asid = ((this.harts.satp[hart] as number) >>> SATP.ASID_SHIFT) & SATP.ASID_MASK;
    let pte = this.tlb.find(hart, asid, address >>> 12);
    let superpage = this.tlb.superpage;
    const staleDirty = write && (pte & PTE.WRITE) !== 0 && (pte & PTE.DIRTY) === 0;
    if (pte === 0 || staleDirty || !this.allows(hart, pte, write)) {
      // An entry that forbids the access may be stale: the tables have the last word.
      pte = this.walk(hart, asid, address, write);
      if (pte < 0) return pte;
      superpage = this.level === 1;
    }
    this.uncached = (pte & PTE.UNCACHED) !== 0;
    const frame = pteAddress(pte);
    return superpage ? (frame & ~SUPERPAGE_MASK) | (address & SUPERPAGE_MASK) : frame | (address & PAGE_MASK);
  }

  /** Whether the TLB holds the translations of two addresses, so that reading them in turn needs no walk. */
  holdsBoth(hart: number, address0: number, address1: number): boolean {
    const satp = this.harts.satp[hart] as number;
    if (satp >= 0) return true;
    const asid = (satp >>> SATP.ASID_SHIFT) & SATP.ASID_MASK;
    return (
      this.tlb.find(hart, asid, address0 >>> 12) !== 0 && this.tlb.find(hart, asid, address1 >>> 12) !== 0
    );
  }

  private allows(hart: number, pte: number, write: boolean): boolean {
    const user = (pte & PTE.USER) !== 0;
    return user === (this.harts.user[hart] === 1) && (pte & (write ? PTE.WRITE : PTE.READ)) !== 0;
  }

  private walk(hart: number, asid: number, address: number, write: boolean): number {
    const start = this.harts.clock[hart] as number;
    this.counters.add(hart, COUNTER.tlbMisses, 1);
    const { trace } = this;
    const context = this.harts.contextId(hart);
    if (trace.on) trace.emit({ kind: 'tlb-miss', cycle: start, hart, context, address, asid });
    const pte = this.readTables(hart, address, write);
    const end = this.harts.clock[hart] as number;
    this.counters.add(hart, COUNTER.walkCycles, end - start);
    if (pte > 0) this.tlb.insert(hart, asid, address >>> 12, pte, this.level);
    if (this.frameUses !== undefined && pte > 0 && (pte & PTE.USER) !== 0 && this.level === 0)
      this.frameUses.user(pteAddress(pte) + (this.harts.base[hart] as number), address, asid);
    if (trace.on) {
      trace.emit({
        kind: 'walk',
        cycle: start,
        end,
        hart,
        context,
        address,
        access: write ? 'store' : 'load',
        levels: 2 - this.level,
        outcome: pte > 0 ? 'mapped' : 'page-fault',
      });
    }
    return pte;
  }

  private readTables(hart: number, address: number, write: boolean): number {
    const root = ((this.harts.satp[hart] as number) & SATP.PPN_MASK) * 4096;
    let table = root;
    for (this.level = 1; this.level >= 0; this.level--) {
      const index = this.level === 1 ? address >>> 22 : (address >>> 12) & 0x3ff;
      const at = table + 4 * index;
      if (at >= this.memorySize) return TABLE_FAULT;
      // Without coherence the tables must not be cached: other harts change them.
      this.port.uncached = this.port.nonCoherent;
      const place = at + (this.harts.base[hart] as number);
      const pte = this.port.loadMemory(hart, place);
      this.frameUses?.table(place, ((this.harts.satp[hart] as number) >>> SATP.ASID_SHIFT) & SATP.ASID_MASK);
      if ((pte & PTE.VALID) === 0 || (pte & (PTE.READ | PTE.WRITE)) === PTE.WRITE) return this.notMapped();
      if (isLeaf(pte)) return this.leaf(hart, place, pte, write);
      table = pteAddress(pte);
    }
    return this.notMapped();
  }

  private leaf(hart: number, at: number, pte: number, write: boolean): number {
    const misaligned = this.level === 1 && (pteAddress(pte) & SUPERPAGE_MASK) !== 0;
    if (misaligned || !this.allows(hart, pte, write)) return PAGE_FAULT;
    if (pteAddress(pte) >= BEYOND_PHYSICAL) return TABLE_FAULT;
    const marks = PTE.ACCESSED | (write ? PTE.DIRTY : 0);
    if ((pte & marks) === marks) return pte;
    // Read and written in one step of the machine, so the update is atomic.
    this.port.write(hart, at, pte | marks, WHOLE);
    return pte | marks;
  }

  private notMapped(): number {
    if (this.level < 0) this.level = 0;
    return PAGE_FAULT;
  }
}
