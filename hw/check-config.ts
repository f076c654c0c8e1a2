/**
 * Refuses machines that cannot be built, naming the field and what is allowed: first each field by itself
 * (config-fields.ts), then the rules between fields.
 */
import { DEVICE_BASE } from './address-map.ts';
import { hartCount, type MachineConfig } from './config.ts';
import { CONFIG_FIELDS, describeAllowed, isAllowed, isPowerOfTwo, MOST_HARTS } from './config-fields.ts';

export { MOST_HARTS } from './config-fields.ts';

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

/** @throws ConfigError naming the first field that is wrong */
export function checkConfig(config: MachineConfig): void {
  checkHarts(config);
  for (const { path, allowed } of CONFIG_FIELDS) {
    const value = valueAt(config, path);
    if (!isAllowed(allowed, value))
      throw new ConfigError(path, `${String(value)} is not ${describeAllowed(allowed)}`);
  }
  if (config.memoryPerNode * config.nodes > DEVICE_BASE) {
    throw new ConfigError(
      'memoryPerNode',
      `${config.nodes} nodes of ${config.memoryPerNode} bytes do not fit below the device registers`,
    );
  }
  checkMemoryModel(config);
  const { l1, l2, llc, tlb } = config;
  checkSets('l1', l1.size, l1.ways, l1.line);
  if (l2.size > 0) checkSets('l2', l2.size, l2.ways, l1.line);
  if (llc.size > 0) checkSets('llc', llc.size, llc.ways, l1.line);
  if (!isPowerOfTwo(tlb.entries / tlb.ways)) {
    throw new ConfigError(
      'tlb.ways',
      `${tlb.entries} entries do not make a power of two of sets of ${tlb.ways} ways`,
    );
  }
}

/** The value of a field by its path. */
export function valueAt(config: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((tree, key) => (tree as Record<string, unknown> | undefined)?.[key], config);
}

function checkHarts(config: MachineConfig): void {
  const harts = hartCount(config);
  const each = Number.isFinite(harts) && config.nodes >= 1 && config.hartsPerCore >= 1;
  if (each && Number.isInteger(config.nodes) && !Number.isInteger(config.coresPerNode)) {
    throw new ConfigError(
      'nodes',
      `${harts} harts cannot be divided evenly over ${config.nodes} nodes of ${config.hartsPerCore}-hart cores`,
    );
  }
  if (harts > MOST_HARTS && config.nodes <= MOST_HARTS && config.hartsPerCore <= 8) {
    throw new ConfigError('harts', `${harts} is not a whole number from 1 to ${MOST_HARTS}`);
  }
}

function checkMemoryModel({ memorySystem, coherence, storeBuffer, nodes }: MachineConfig): void {
  if (coherence === 'none' && storeBuffer > 0) {
    throw new ConfigError('storeBuffer', 'a machine without coherence has no store buffers (use 0)');
  }
  if (memorySystem === 'bus' && nodes > 1)
    throw new ConfigError('nodes', 'a machine on one bus has one node');
  if ((memorySystem === 'bus' || memorySystem === 'cluster') && coherence === 'none') {
    throw new ConfigError('coherence', 'caches on a snooping bus are coherent: invalidate or update');
  }
}

function checkSets(name: string, size: number, ways: number, line: number): void {
  if (size < line) throw new ConfigError(`${name}.size`, `${size} bytes are less than a line of ${line}`);
  if (ways < 1 || ways > size / line || !isPowerOfTwo(size / line / ways)) {
    throw new ConfigError(
      `${name}.ways`,
      `${size} bytes in lines of ${line} do not make a power of two of sets of ${ways} ways`,
    );
  }
}
