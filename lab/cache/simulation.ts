/** One cache over a stream of accesses: counts hits, misses by kind and write-backs. */
import type { CacheDesign } from './design.ts';
import { LruCache } from './lru-cache.ts';
import { MissClassifier, type MissKind } from './miss-classifier.ts';

export const ACCESS_KINDS = ['read', 'write', 'fetch'] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];

/** The document of `eddy cache --json`. */
export interface CacheResult {
  /** Lines accessed: an access that crosses into another line counts for each. */
  readonly accesses: number;
  readonly hits: number;
  readonly misses: number;
  readonly byKind: Readonly<Record<MissKind, number>>;
  /** Dirty lines that left the cache. */
  readonly writebacks: number;
  /** Dirty lines that are in it at the end. */
  readonly dirtyLines: number;
  readonly byAccess: Readonly<Record<AccessKind, { readonly accesses: number; readonly misses: number }>>;
}

export class CacheSimulation {
  private readonly cache: LruCache;
  private readonly classifier: MissClassifier;
  private readonly lineBytes: number;
  private readonly writeAllocate: boolean;
  private readonly byKind = { cold: 0, capacity: 0, conflict: 0 };
  private readonly byAccess = {
    read: { accesses: 0, misses: 0 },
    write: { accesses: 0, misses: 0 },
    fetch: { accesses: 0, misses: 0 },
  };

  constructor(design: CacheDesign) {
    this.cache = new LruCache(design);
    this.classifier = new MissClassifier(design.size / design.line);
    this.lineBytes = design.line;
    this.writeAllocate = design.writeAllocate;
  }

  /** An access to `size` bytes at an address: one to each line that they touch. */
  access(kind: AccessKind, address: number, size: number): void {
    const last = Math.floor((address + size - 1) / this.lineBytes);
    for (let line = Math.floor(address / this.lineBytes); line <= last; line++) this.accessLine(kind, line);
  }

  result(): CacheResult {
    const { byKind, byAccess, cache } = this;
    const accesses = byAccess.read.accesses + byAccess.write.accesses + byAccess.fetch.accesses;
    const misses = byKind.cold + byKind.capacity + byKind.conflict;
    return {
      accesses,
      hits: accesses - misses,
      misses,
      byKind,
      writebacks: cache.writebacks,
      dirtyLines: cache.dirtyLines(),
      byAccess,
    };
  }

  private accessLine(kind: AccessKind, line: number): void {
    const write = kind === 'write';
    const count = this.byAccess[kind];
    const why = this.classifier.see(line, !write || this.writeAllocate);
    count.accesses++;
    if (this.cache.access(line, write)) return;
    count.misses++;
    this.byKind[why]++;
  }
}
