/** Refuses machines that cannot be built, naming the field and what is allowed. */
import { DEVICE_BASE } from './address-map.ts';
import { hartCount, type LowerCacheGeometry, type MachineConfig } from './config.ts';

/** A configuration that cannot exist. */
export class ConfigError extends RangeError {
  /** The field at fault, e.g. `l1.ways`. */
  readonly field: string;
  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = 'ConfigError';
    this.field = field;
  }
}

/** Most harts of a machine. */
export const MOST_HARTS = 1024;
const isPowerOfTwo = (value: number): boolean =>
  Number.isInteger(value) && value > 0 && Number.isInteger(Math.log2(value));

function whole(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ConfigError(field, `${value} is not a whole number from ${least} to ${most}`);
}

function powerOfTwo(field: string, value: number, least: number, most: number): void {
  if (isPowerOfTwo(value) && value >= least && value <= most) return;
  throw new ConfigError(field, `${value} is not a power of two from ${least} to ${most}`);
}

const MEMORY_SYSTEMS = ['bus', 'directory', 'switch', 'butterfly', 'cluster'];
const COHERENCES = ['invalidate', 'update', 'none'];

function oneOf(field: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new ConfigError(field, `'${value}' is none of ${allowed.join(', ')}`);
}

/** @throws ConfigError naming the first field that is wrong */
export function checkConfig(config: MachineConfig): void {
  whole('nodes', config.nodes, 1, MOST_HARTS);
  whole('hartsPerCore', config.hartsPerCore, 1, 8);
  const harts = hartCount(config);
  whole('harts', harts, 1, MOST_HARTS);
  if (!Number.isInteger(config.coresPerNode)) {
    throw new ConfigError(
      'nodes',
      `${harts} harts cannot be divided evenly over ${config.nodes} nodes of ${config.hartsPerCore}-hart cores`,
    );
  }
  powerOfTwo('memoryPerNode', config.memoryPerNode, 1 << 20, 1 << 30);
  if (config.memoryPerNode * config.nodes > DEVICE_BASE) {
    throw new ConfigError(
      'memoryPerNode',
      `${config.nodes} nodes of ${config.memoryPerNode} bytes do not fit below the device registers`,
    );
  }
  oneOf('memorySystem', config.memorySystem, MEMORY_SYSTEMS);
  oneOf('coherence', config.coherence, COHERENCES);
  whole('storeBuffer', config.storeBuffer, 0, 64);
  if (config.coherence === 'none' && config.storeBuffer > 0) {
    throw new ConfigError('storeBuffer', 'a machine without coherence has no store buffers (use 0)');
  }
  if (config.memorySystem === 'bus' && config.nodes > 1) {
    throw new ConfigError('nodes', 'a machine on one bus has one node');
  }
  if (config.memorySystem === 'bus' && config.coherence === 'none') {
    throw new ConfigError('coherence', 'caches on a snooping bus are coherent: invalidate or update');
  }
  checkCache(config);
  checkLower('l2', config.l2, config.l1.line);
  checkLower('llc', config.llc, config.l1.line);
  checkTlb(config);
  for (const [name, cycles] of Object.entries(config.timing))
    whole(`timing.${name}`, cycles as number, name === 'l1Hit' ? 1 : 0, 1e6);
  whole('disk.blocks', config.disk.blocks, 8, 1 << 21);
  whole('disk.seek', config.disk.seek, 0, 1e9);
  whole('disk.transfer', config.disk.transfer, 1, 1e9);
  whole('skew', config.skew, 1, 1e6);
  whole('seed', config.seed, 0, 2 ** 31 - 1);
}

function checkCache({ l1 }: MachineConfig): void {
  powerOfTwo('l1.line', l1.line, 16, 256);
  powerOfTwo('l1.size', l1.size, l1.line, 1 << 22);
  whole('l1.ways', l1.ways, 1, l1.size / l1.line);
  if (!isPowerOfTwo(l1.size / l1.line / l1.ways)) {
    throw new ConfigError(
      'l1.ways',
      `${l1.size} bytes in lines of ${l1.line} do not make a power of two of sets of ${l1.ways} ways`,
    );
  }
}

function checkLower(name: string, { size, ways }: LowerCacheGeometry, line: number): void {
  if (size === 0) return;
  powerOfTwo(`${name}.size`, size, line, 1 << 26);
  whole(`${name}.ways`, ways, 1, size / line);
  if (!isPowerOfTwo(size / line / ways)) {
    throw new ConfigError(
      `${name}.ways`,
      `${size} bytes in lines of ${line} do not make a power of two of sets of ${ways} ways`,
    );
  }
}

function checkTlb({ tlb }: MachineConfig): void {
  powerOfTwo('tlb.entries', tlb.entries, 4, 4096);
  whole('tlb.ways', tlb.ways, 1, tlb.entries);
  if (!isPowerOfTwo(tlb.entries / tlb.ways)) {
    throw new ConfigError(
      'tlb.ways',
      `${tlb.entries} entries do not make a power of two of sets of ${tlb.ways} ways`,
    );
  }
}
