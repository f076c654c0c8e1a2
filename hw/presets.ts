/**
 * The machines that can be had by name. Every figure that is not our own choice names its source; the notes'
 * rule of thumb is "about 2 cycles to the cache, 100 and more to memory".
 */
import { checkConfig } from './check-config.ts';
import { hartCount, type MachineConfig, type Timing } from './config.ts';

export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** Harts per node when only the number of harts is given. */
  readonly hartsPerNode: number;
  readonly config: Omit<MachineConfig, 'preset' | 'nodes' | 'coresPerNode' | 'hartsPerCore' | 'seed'>;
}

const MEBIBYTE = 1024 * 1024;

const TIMING: Timing = {
  l1Hit: 2,
  l2Hit: 12,
  llcHit: 40,
  memory: 100,
  memoryOccupancy: 16,
  directory: 8,
  cacheToCache: 24,
  hop: 20,
  linkOccupancy: 4,
  device: 50,
  trap: 10,
  contextSwitch: 10,
  ipi: 100,
  message: 400,
  drain: 20,
  turn: 4,
};

const COMMON = {
  memoryPerNode: 64 * MEBIBYTE,
  coherence: 'invalidate',
  storeBuffer: 0,
  l1: { size: 32 * 1024, ways: 4, line: 64 },
  l2: { size: 0, ways: 8 },
  llc: { size: 0, ways: 16 },
  tlb: { entries: 64, ways: 4, tagged: true },
  disk: { blocks: 32_768, seek: 20_000, transfer: 500 },
  skew: 64,
  elideSpins: true,
  hitPath: true,
  classifyMisses: false,
} as const;

export const PRESETS: readonly Preset[] = [
  {
    name: 'cc-numa',
    summary: 'Nodes with local memory; a directory keeps the caches coherent (MESI) over a mesh.',
    hartsPerNode: 4,
    config: { ...COMMON, memorySystem: 'directory', timing: TIMING },
  },
  {
    name: 'dance-hall',
    summary:
      'Processors on one side of an omega switch, memory on the other, all equally far; directories at the memory.',
    hartsPerNode: 1,
    // Which coherence a dance hall has is open; here a directory at each memory module runs MESI, since the
    // switch carries messages from one to one, which a snooping protocol cannot use.
    config: { ...COMMON, memorySystem: 'switch', timing: { ...TIMING, hop: 10, memory: 80 } },
  },
  {
    name: 'ncc-numa',
    summary: 'Nodes with local memory, one address space, and caches that nobody keeps coherent.',
    hartsPerNode: 4,
    config: { ...COMMON, memorySystem: 'directory', coherence: 'none', timing: TIMING },
  },
  {
    name: 'cluster',
    summary: 'Nodes with private memory and a network interface: remote addresses fault, messages only.',
    hartsPerNode: 1,
    config: { ...COMMON, memorySystem: 'cluster', timing: { ...TIMING, hop: 10, linkOccupancy: 40 } },
  },
  {
    name: 'smp',
    summary: 'One snooping bus and one memory; the caches are kept coherent by MESI.',
    hartsPerNode: Number.POSITIVE_INFINITY,
    config: {
      ...COMMON,
      memoryPerNode: 256 * MEBIBYTE,
      memorySystem: 'bus',
      // The bus is held while memory is read: no split transactions, as on the early bus machines.
      timing: { ...TIMING, hop: 10, linkOccupancy: 40 },
    },
  },
  {
    name: 'symmetry',
    summary: 'Sequent Symmetry Model B: 80386s with 64 KiB caches on one bus (Anderson 1990; MCS 1991).',
    hartsPerNode: Number.POSITIVE_INFINITY,
    config: {
      ...COMMON,
      memoryPerNode: 256 * MEBIBYTE,
      memorySystem: 'bus',
      // 16 MHz processors, 64 KiB two-way caches, a 10 MHz bus [M]; the cycle counts are our choice.
      l1: { size: 64 * 1024, ways: 2, line: 16 },
      timing: { ...TIMING, l1Hit: 2, memory: 16, cacheToCache: 12, hop: 4, linkOccupancy: 8, trap: 40 },
    },
  },
  {
    name: 'butterfly',
    summary: 'BBN Butterfly 1: memory at each processor, a multistage switch, no coherence (MCS 1991).',
    hartsPerNode: 1,
    config: {
      ...COMMON,
      memorySystem: 'butterfly',
      coherence: 'none',
      // 8 MHz: 0.8 us local is about 6 cycles, 4 us remote about 32, that is 5 : 1 [M]. At 64 processors a
      // remote access crosses 12 switches: 2 cycles each [D].
      timing: {
        ...TIMING,
        l1Hit: 1,
        memory: 5,
        memoryOccupancy: 4,
        directory: 0,
        hop: 2,
        linkOccupancy: 1,
        trap: 40,
      },
    },
  },
  {
    name: 'firefly',
    summary: 'DEC SRC Firefly: C-VAX processors on a bus that updates copies; TLBs without tags (LRPC 1990).',
    hartsPerNode: Number.POSITIVE_INFINITY,
    config: {
      ...COMMON,
      memoryPerNode: 256 * MEBIBYTE,
      memorySystem: 'bus',
      coherence: 'update',
      // The TLB is flushed on a context switch [M+]; the sizes and cycle counts are our choice.
      l1: { size: 64 * 1024, ways: 1, line: 16 },
      tlb: { ...COMMON.tlb, tagged: false },
      timing: { ...TIMING, l1Hit: 2, memory: 10, cacheToCache: 8, hop: 3, linkOccupancy: 6, trap: 30 },
    },
  },
  {
    name: 'numachine',
    summary:
      'NUMAchine: stations of four R4400s, 1 MiB second-level caches, lines of 128 bytes (Tornado 1999).',
    hartsPerNode: 4,
    config: {
      ...COMMON,
      memorySystem: 'directory',
      // 16 KiB first level, 1 MiB direct-mapped second level [M]; 128-byte lines [F]; cycle counts our choice.
      l1: { size: 16 * 1024, ways: 1, line: 128 },
      l2: { size: MEBIBYTE, ways: 1 },
      timing: TIMING,
    },
  },
  {
    name: 'origin',
    summary: 'SGI Origin 2000: nodes of two R10000s, a directory at each (Cellular Disco 1999).',
    hartsPerNode: 2,
    config: {
      ...COMMON,
      memorySystem: 'directory',
      // 195 MHz R10000 [M]; sizes and cycle counts are our choice.
      l1: { size: 32 * 1024, ways: 2, line: 128 },
      l2: { size: 4 * MEBIBYTE, ways: 2 },
      timing: { ...TIMING, l2Hit: 10, memory: 60, hop: 20 },
    },
  },
  {
    name: 'amd16',
    summary: 'Four quad-core Opterons in a square (Corey 2008).',
    hartsPerNode: 4,
    config: {
      ...COMMON,
      memoryPerNode: 64 * MEBIBYTE,
      memorySystem: 'directory',
      // 64 KiB 8-way, 512 KiB 16-way, 2 MiB 32-way a chip, lines of 64 bytes [F].
      l1: { size: 64 * 1024, ways: 8, line: 64 },
      l2: { size: 512 * 1024, ways: 16 },
      llc: { size: 2 * MEBIBYTE, ways: 32 },
      // 3 to the own L1, 14 to L2, 75 to the chip's L3 [M+]; about 127 to another core's cache on the chip [M],
      // 200 to local memory [M-], about 330 to the farthest memory, two hops away [M].
      timing: {
        ...TIMING,
        l1Hit: 3,
        l2Hit: 14,
        llcHit: 72,
        memory: 197,
        directory: 8,
        cacheToCache: 116,
        hop: 33,
      },
    },
  },
];

/** What a caller may choose about a preset. */
export interface PresetChoice {
  readonly harts?: number;
  readonly nodes?: number;
  readonly seed?: number;
  readonly hartsPerCore?: number;
  /** Any other field of the configuration. */
  readonly set?: Partial<MachineConfig>;
}

const DEFAULT_HARTS = 4;
/** Memory below this total keeps device registers out of reach. */
const MOST_MEMORY = 0x7000_0000;
const LEAST_PER_NODE = MEBIBYTE;

/** The preset of a name, or undefined. */
export const findPreset = (name: string): Preset | undefined =>
  PRESETS.find((preset) => preset.name === name);

/**
 * The configuration of a preset with choices made.
 * @throws ConfigError when there is no such preset, or the choices cannot be built
 */
export function presetConfig(name: string, choice: PresetChoice = {}): MachineConfig {
  const preset = findPreset(name);
  if (preset === undefined) throw new RangeError(`there is no machine "${name}"`);
  const harts = choice.harts ?? DEFAULT_HARTS;
  const hartsPerCore = choice.hartsPerCore ?? 1;
  // A node has at least one whole core.
  const hartsPerNode = Math.max(preset.hartsPerNode, hartsPerCore);
  const nodes = choice.nodes ?? Math.max(1, Math.ceil(harts / hartsPerNode));
  const config: MachineConfig = {
    ...preset.config,
    preset: name,
    nodes,
    hartsPerCore,
    coresPerNode: harts / hartsPerCore / nodes,
    seed: choice.seed ?? 1,
    memoryPerNode: fitMemory(preset.config.memoryPerNode, nodes),
    ...choice.set,
  };
  checkConfig(config);
  return config;
}

/** A one-line description: "16 harts on 4 nodes". */
export function describeConfig(config: MachineConfig): string {
  const harts = hartCount(config);
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `${plural(harts, 'hart')} on ${plural(config.nodes, 'node')}`;
}

/** With many nodes each has less, so that all physical addresses stay below the device registers. */
function fitMemory(wanted: number, nodes: number): number {
  let size = wanted;
  while (size * nodes > MOST_MEMORY && size > LEAST_PER_NODE) size /= 2;
  return size;
}
