/**
 * Machines: a preset, a number of harts spread over nodes and cores, and now and then other fields of the
 * configuration, each as its row in hw/config-fields.ts allows. What the rules between fields forbid is mended, so that
 * a smaller value of one field never depends on luck with another.
 *
 * Shrinks to one hart of the first preset, with every field as the preset has it and seed 0.
 */
import fc from 'fast-check';
import { checkConfig } from '../../../hw/check-config.ts';
import { type ConfigField, CONFIG_FIELDS } from '../../../hw/config-fields.ts';
import type { MachineConfig } from '../../../hw/config.ts';
import { findPreset, PRESETS } from '../../../hw/presets.ts';
import { withValue } from '../../settings/config-fields.ts';
import { allowedValues, type Range, seldom, type Setting } from './allowed.ts';

/** Which machines to draw. */
export interface MachineChoice {
  /** Names of presets; by default those whose harts share a memory that hardware keeps coherent, unhistorical ones. */
  readonly presets?: readonly string[];
  /** Harts at most. Default 4. */
  readonly harts?: number;
  /** Bytes of memory of a node, a power of two. Default 1 MiB. */
  readonly memoryPerNode?: number;
  /** Whether harts may have store buffers (`tso`). Default true. */
  readonly storeBuffers?: boolean;
  /** Ranges of fields by path; without a range of its own a field is kept small. */
  readonly ranges?: Readonly<Record<string, Range>>;
  /** Paths of fields that stay as the preset has them. */
  readonly fixed?: readonly string[];
}

const USUAL_PRESETS = ['cc-numa', 'smp', 'dance-hall'];
const MEBIBYTE = 1 << 20;

/** Fields that follow from the preset and the number of harts. */
const SHAPE: ReadonlySet<string> = new Set([
  'nodes',
  'coresPerNode',
  'hartsPerCore',
  'memorySystem',
  'coherence',
  'memoryPerNode',
  'seed',
]);

/** By unit: larger values make slow runs, not other ones. */
const PRACTICAL: Readonly<Record<string, Range>> = {
  cycles: { most: 200 },
  bytes: { most: 1 << 16 },
  blocks: { most: 1024 },
};
const ANY_UNIT: Range = { most: 1024 };

/** Valid configurations of machines. */
export function machines(choice: MachineChoice = {}): fc.Arbitrary<MachineConfig> {
  const presets = choice.presets ?? USUAL_PRESETS;
  const mostHarts = choice.harts ?? 4;
  const fixed = new Set(choice.fixed);
  if (choice.storeBuffers === false) fixed.add('storeBuffer');
  const drawn = CONFIG_FIELDS.filter(({ path }) => !SHAPE.has(path) && !fixed.has(path));
  return fc
    .record({
      preset: fc.constantFrom(...presets),
      harts: fc.integer({ min: 1, max: mostHarts }),
      nodes: fc.integer({ min: 1, max: mostHarts }),
      threads: fc.constantFrom(1, 2),
      coherence: fc.constantFrom('invalidate', 'update'),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      fields: fc.record(
        Object.fromEntries(
          drawn.map((field) => [field.path, seldom(allowedValues(field.allowed, rangeOf(field, choice)))]),
        ),
      ),
    })
    .map(({ fields, ...shape }) => mended(withFields(shaped(shape, choice), fields)))
    .filter(isValid);
}

interface Shape {
  readonly preset: string;
  readonly harts: number;
  readonly nodes: number;
  readonly threads: number;
  readonly coherence: string;
  readonly seed: number;
}

const rangeOf = ({ path, unit }: ConfigField, { ranges }: MachineChoice): Range =>
  ranges?.[path] ?? PRACTICAL[unit] ?? ANY_UNIT;

/** @throws RangeError when there is no such preset */
function shaped({ preset: name, harts, nodes: most, ...shape }: Shape, choice: MachineChoice): MachineConfig {
  const preset = findPreset(name);
  if (preset === undefined)
    throw new RangeError(
      `there is no machine "${name}"; there are ${PRESETS.map((row) => row.name).join(', ')}`,
    );
  const hartsPerCore = Math.min(shape.threads, harts);
  const cores = Math.floor(harts / hartsPerCore);
  const nodes = preset.config.memorySystem === 'bus' ? 1 : Math.min(most, cores);
  const coherent = preset.config.coherence !== 'none' && !choice.fixed?.includes('coherence');
  return {
    ...preset.config,
    preset: name,
    nodes,
    coresPerNode: Math.floor(cores / nodes),
    hartsPerCore,
    seed: shape.seed,
    memoryPerNode: choice.memoryPerNode ?? MEBIBYTE,
    coherence: coherent ? (shape.coherence as MachineConfig['coherence']) : preset.config.coherence,
    disk: { ...preset.config.disk, blocks: 256 },
  };
}

function withFields(
  config: MachineConfig,
  fields: Readonly<Record<string, Setting | undefined>>,
): MachineConfig {
  let changed = config;
  for (const [path, value] of Object.entries(fields)) {
    if (value !== undefined) changed = withValue(changed, path, value);
  }
  return changed;
}

// DOC: mended
/** Sizes and associativities that fit together, and store buffers only where they can be. */
function mended(config: MachineConfig): MachineConfig {
  const { line } = config.l1;
  const cache = <T extends { readonly size: number; readonly ways: number }>(own: T): T => {
    if (own.size === 0) return own;
    const size = Math.max(own.size, line);
    return { ...own, size, ways: powerUpTo(Math.min(own.ways, size / line)) };
  };
  const { tlb } = config;
  return {
    ...config,
    l1: cache(config.l1),
    l2: cache(config.l2),
    llc: cache(config.llc),
    tlb: { ...tlb, ways: powerUpTo(Math.min(tlb.ways, tlb.entries)) },
    storeBuffer: config.coherence === 'none' ? 0 : config.storeBuffer,
  };
}

/** The largest power of two that is not above a number, 1 at least. */
const powerUpTo = (most: number): number => 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, most))));

function isValid(config: MachineConfig): boolean {
  try {
    checkConfig(config);
    return true;
  } catch {
    return false;
  }
}
