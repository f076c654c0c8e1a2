/** What can be chosen about a kernel, and what follows from it on a certain machine. Host side, as the loader. */
import { hartCount, isCluster, type MachineConfig } from '../../hw/config.ts';
import { strideOf } from '../hart-local.ts';
import { LOCALS, MAX_HARTS, PAGE_SIZE } from '../layout.ts';
import { HEAP_MODE } from '../memory/layout.ts';
import { roundUp } from '../struct.ts';
import { BLOCKS_PER_PAGE } from '../vm/cor.ts';
import { frameTableBytes } from '../vm/frame-table.ts';
import { type PlacementName, PLACEMENTS } from '../vm/placement.ts';
import { swapMapBytes } from '../vm/swap.ts';
import { TRANSFER } from '../ipc/transfer-lock.ts';
import type { Facts, ObjectOptions } from './object-options.ts';
import { cachingFact, type CachingOptions } from './caching-option.ts';
import { schedulingFacts, type SchedulingOptions } from './scheduling-options.ts';

/** What can be chosen about a kernel. */
export interface KernelOptions extends ObjectOptions, SchedulingOptions, CachingOptions {
  /** Cycles of a time slice. Default 20,000. */
  readonly slice?: number;
  /** References to clustered objects per hart. Default: 4,096 over all harts, and 16 at least. */
  readonly refsPerHart?: number;
  /** Page frames of each node that the kernel may use. Default: as many as its memory has room for. */
  readonly framesPerNode?: number;
  /** On which node pages lie: `first-touch` (the default), `interleave` or `bind` (to node 0). */
  readonly placement?: PlacementName;
  /** Pages of swap, at the end of the disk. Default 0: anonymous pages never leave memory. */
  readonly swap?: number;
  /**
   * The kernel heap: caches of harts over pools of nodes (`per-hart`, the default), or one pool with one lock, which is
   * an MCS lock (`global`) or a spin lock (`global-spin`).
   */
  readonly heap?: HeapName;
  /** Which lock a message transfer takes: its port's (`port`, the default), or one for all (`global`), as SRC RPC had. */
  readonly transfer?: TransferName;
  /** Whether the kernel heap poisons free blocks and puts a red zone behind the others. Default: it does not. */
  readonly heapChecked?: boolean;
}

/** The ways in which the kernel heap can be organized. */
export const HEAPS = Object.freeze(['per-hart', 'global', 'global-spin'] as const);
type HeapName = (typeof HEAPS)[number];
const HEAP_MODES: Readonly<Record<HeapName, number>> = Object.freeze({
  'per-hart': 0,
  global: HEAP_MODE.single,
  'global-spin': HEAP_MODE.single | HEAP_MODE.spin,
});

/** The locks of message transfers. */
export const TRANSFERS = Object.freeze([
  'port',
  'global',
] as const satisfies readonly (keyof typeof TRANSFER)[]);
type TransferName = (typeof TRANSFERS)[number];

/** Between which values the options in numbers lie. With the fewest frames the first process starts. */
export const KERNEL_LIMITS = Object.freeze({
  slice: { least: 1, most: (1 << 30) - 1 },
  refsPerHart: { least: 16, most: 1 << 16 },
  framesPerNode: { least: 8, most: 1 << 19 },
  swap: { least: 0, most: 1 << 16 },
});

const DEFAULT_SLICE = 20_000;
const DEFAULT_REFS = 4096;
/** Frames that a node's memory must have room for beside the kernel's tables. */
const LEAST_ROOM = 64;

/** What the loader tells the kernel about itself. */
export interface KernelPlan {
  /** Kernels on the machine: one, but on a cluster one per node. Harts and nodes are those of one kernel. */
  readonly kernels: number;
  readonly harts: number;
  readonly nodes: number;
  readonly slice: number;
  readonly refsPerHart: number;
  /** Facts about scheduling; after those about objects, of which they say one. */
  readonly scheduling: Facts;
  /** Bits of HEAP_MODE. */
  readonly heapMode: number;
  /** Of TRANSFER. */
  readonly transfer: number;
  /** 1 if idle harts are kept for calls. */
  readonly caching: number;
  /** Bytes from one hart's structures to the next one's. */
  readonly stride: number;
  /** Offsets, within a node's memory, of its first page frame and of the end of its last one. */
  readonly firstFrame: number;
  readonly endOfFrames: number;
  /** Of PLACEMENT. */
  readonly placement: number;
  /** Pages of swap; offsets of its bitmap and of the frame table, which lie at the end of a node's memory. */
  readonly swap: number;
  readonly swapMap: number;
  readonly frameTable: number;
}

/**
 * Lays the kernel out on a machine.
 * @throws RangeError when the machine is too large or too small, or an option is out of range
 */
export function planKernel(config: MachineConfig, options: KernelOptions = {}): KernelPlan {
  const kernels = isCluster(config) ? config.nodes : 1;
  const nodes = config.nodes / kernels;
  const harts = hartCount(config) / kernels;
  check(harts <= MAX_HARTS, `the kernel runs on at most ${MAX_HARTS} harts`);
  const {
    slice = DEFAULT_SLICE,
    refsPerHart = Math.max(KERNEL_LIMITS.refsPerHart.least, Math.floor(DEFAULT_REFS / harts)),
    framesPerNode = KERNEL_LIMITS.framesPerNode.most,
    swap = 0,
    placement = PLACEMENTS[0],
    heap = HEAPS[0],
    transfer = TRANSFERS[0],
    heapChecked = false,
  } = options;
  for (const [name, value] of Object.entries({ slice, refsPerHart, framesPerNode, swap })) {
    const { least, most } = KERNEL_LIMITS[name as keyof typeof KERNEL_LIMITS];
    check(
      Number.isInteger(value) && value >= least && value <= most,
      `${name} is not a whole number from ${least} to ${most}`,
    );
  }
  check(HEAPS.includes(heap), `there is no kernel heap "${heap}"`);
  check(TRANSFERS.includes(transfer), `there is no lock of transfers "${transfer}"`);
  const heapMode = HEAP_MODES[heap] | (heapChecked ? HEAP_MODE.checked : 0);
  const stride = strideOf(harts, refsPerHart);
  const firstFrame = (LOCALS + (harts / nodes) * stride + PAGE_SIZE - 1) & -PAGE_SIZE;
  check(PLACEMENTS.includes(placement), `there is no placement "${placement}"`);
  const diskPages = Math.floor(config.disk.blocks / BLOCKS_PER_PAGE);
  check(swap <= diskPages, `swap: the disk has room for ${diskPages} pages`);
  const frameTable = config.memoryPerNode - frameTableBytes(config.memoryPerNode);
  const swapMap = frameTable - roundUp(swapMapBytes(swap), PAGE_SIZE);
  const room = Math.floor((swapMap - firstFrame) / PAGE_SIZE);
  check(room >= LEAST_ROOM, `${config.memoryPerNode} bytes per node are too few for the kernel`);
  const endOfFrames = firstFrame + Math.min(framesPerNode, room) * PAGE_SIZE;
  const laidOut = {
    caching: cachingFact(config, options),
    transfer: TRANSFER[transfer],
    stride,
    firstFrame,
    endOfFrames,
    swap,
    swapMap,
    frameTable,
    placement: PLACEMENTS.indexOf(placement),
  };
  return {
    kernels,
    harts,
    nodes,
    slice,
    refsPerHart,
    heapMode,
    scheduling: schedulingFacts({ 'scheduler.cache': config.llc.size, ...options }),
    ...laidOut,
  };
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
