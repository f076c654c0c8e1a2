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
  drain: 20,
};

const COMMON = {
  memoryPerNode: 64 * MEBIBYTE,
  coherence: 'invalidate',
  storeBuffer: 0,
  l1: { size: 32 * 1024, ways: 4, line: 64 },
  tlb: { entries: 64, ways: 4 },
  disk: { blocks: 32_768, seek: 20_000, transfer: 500 },
  skew: 64,
  elideSpins: true,
  hitPath: true,
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
  const nodes = choice.nodes ?? Math.max(1, Math.ceil(harts / preset.hartsPerNode));
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
