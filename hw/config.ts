/**
 * What a machine is made of. A preset (presets.ts) is a complete configuration; the command line and tests
 * override single fields. `checkConfig` refuses what cannot be built, naming the field.
 */

/** Latencies and occupancies in cycles. */
export interface Timing {
  /** A load, store or read-modify-write that hits in the first-level cache. */
  readonly l1Hit: number;
  /** The same when the line comes from the second level. */
  readonly l2Hit: number;
  /** Access time of a memory module whose last-level cache holds the line, without transport. */
  readonly llcHit: number;
  /** Access time of a memory module, without transport. */
  readonly memory: number;
  /** How long a memory module (with its directory) is busy with one transaction. */
  readonly memoryOccupancy: number;
  /** Directory look-up, beside the memory access. */
  readonly directory: number;
  /** Reading a line out of another core's cache. */
  readonly cacheToCache: number;
  /** One hop of the network, or getting on the bus. */
  readonly hop: number;
  /** How long a link is busy with a line; with the bus, the whole transaction. */
  readonly linkOccupancy: number;
  /** A device register. */
  readonly device: number;
  /** A trap's entry, and sret. */
  readonly trap: number;
  /** From one context to another, beside the registers that the kernel saves and restores. */
  readonly contextSwitch: number;
  /** From sendInterrupt to the pending bit at the other hart. */
  readonly ipi: number;
  /** From `send` to the arrival at a neighbour: start-up, without hops. */
  readonly message: number;
  /** How long a store waits in a store buffer before it begins to drain. */
  readonly drain: number;
  /** For how long a hart computes, at most, before another hart of its core gets a turn at the pipeline. */
  readonly turn: number;
}

export interface CacheGeometry {
  /** Bytes. */
  readonly size: number;
  readonly ways: number;
  /** Bytes per line. */
  readonly line: number;
}

/** A cache whose lines are as long as the first level's. */
export interface LowerCacheGeometry {
  /** Bytes; 0 for no such cache. */
  readonly size: number;
  readonly ways: number;
}

export interface TlbGeometry {
  readonly entries: number;
  readonly ways: number;
  /** Whether entries carry address-space numbers; without, a write of `satp` drops them all. */
  readonly tagged: boolean;
}

export interface DiskConfig {
  readonly blocks: number;
  /** Cycles for a seek and rotation when the request does not follow the last one. */
  readonly seek: number;
  /** Cycles per block transferred. */
  readonly transfer: number;
}

export interface MachineConfig {
  readonly preset: string;
  readonly nodes: number;
  readonly coresPerNode: number;
  readonly hartsPerCore: number;
  /** Bytes; a power of two. */
  readonly memoryPerNode: number;
  /**
   * How caches and memory are connected: one snooping bus; nodes in a mesh with directories; processors on one
   * side of a multistage switch with all memory on the other; that switch with a module at each processor; or
   * nodes with a bus and a memory of their own each, which only messages connect.
   */
  readonly memorySystem: 'bus' | 'directory' | 'switch' | 'butterfly' | 'cluster';
  /** What a write does to other copies: destroys them (MESI), sends them the word (Dragon), or nothing. */
  readonly coherence: 'invalidate' | 'update' | 'none';
  /** Stores that a hart's store buffer holds; 0 makes the machine sequentially consistent, more make it `tso`. */
  readonly storeBuffer: number;
  readonly l1: CacheGeometry;
  /** The private second level of each core. */
  readonly l2: LowerCacheGeometry;
  /** The last level, shared by a node, at its memory. */
  readonly llc: LowerCacheGeometry;
  readonly tlb: TlbGeometry;
  readonly timing: Timing;
  readonly disk: DiskConfig;
  /** Chooses the interleaving: ties in time and the harts' starting skew. */
  readonly seed: number;
  /** Harts begin at a seeded cycle below this. */
  readonly skew: number;
  /** Whether a spin on a cached word parks the hart (true) or is executed poll by poll (the oracle). */
  readonly elideSpins: boolean;
  /** Whether common instructions take the short way (true), which changes nothing but the host's time. */
  readonly hitPath: boolean;
  /** Whether every first-level miss is classified (cache/miss-classifier.ts); costs the host some time. */
  readonly classifyMisses: boolean;
}

/** Number of harts in the machine. */
export const hartCount = (config: MachineConfig): number =>
  config.nodes * config.coresPerNode * config.hartsPerCore;

/** Whether nodes have nothing in common but messages: each is a machine of its own, as far as it can see. */
export const isCluster = (config: MachineConfig): boolean => config.memorySystem === 'cluster';
