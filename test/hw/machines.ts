/**
 * Small machines for tests: caches of a few lines, so that evictions happen; little memory, so that a
 * machine is made in no time; one or two harts per core; every memory system.
 */
import fc from 'fast-check';
import type { MachineConfig } from '../../hw/config.ts';
import { presetConfig } from '../../hw/presets.ts';

export interface Shape {
  readonly preset: 'smp' | 'cc-numa' | 'dance-hall' | 'ncc-numa';
  readonly nodes: number;
  readonly coresPerNode: number;
  readonly hartsPerCore: number;
  readonly ways: number;
  readonly sets: number;
  /** Bytes per line. */
  readonly line: number;
  readonly seed: number;
}

export const PRESET_NAMES = ['smp', 'cc-numa'] as const;

const SMALL: Shape = {
  preset: 'cc-numa',
  nodes: 1,
  coresPerNode: 1,
  hartsPerCore: 1,
  ways: 2,
  sets: 2,
  line: 16,
  seed: 1,
};

/** A TLB of so many entries, otherwise as usual. */
export const tlbWith = (entries: number, ways: number): MachineConfig['tlb'] => ({
  ...presetConfig('smp').tlb,
  entries,
  ways,
});

/** The configuration of a small machine; what is left out is as small as can be. */
export function small(shape: Partial<Shape> = {}, set: Partial<MachineConfig> = {}): MachineConfig {
  const { preset, nodes, coresPerNode, hartsPerCore, ways, sets, line, seed } = { ...SMALL, ...shape };
  return presetConfig(preset, {
    harts: nodes * coresPerNode * hartsPerCore,
    nodes,
    hartsPerCore,
    seed,
    set: {
      memoryPerNode: 1 << 20,
      l1: { size: ways * sets * line, ways, line },
      tlb: tlbWith(4, 2),
      disk: { blocks: 64, seek: 1000, transfer: 100 },
      ...set,
    },
  });
}

/** A small machine with so many harts, one per core, one node per hart on `cc-numa`. */
export const smallWith = (
  preset: Shape['preset'],
  harts: number,
  set: Partial<MachineConfig> = {},
): MachineConfig =>
  preset === 'smp' ? small({ preset, coresPerNode: harts }, set) : small({ preset, nodes: harts }, set);

/** Shapes of small machines, of at most `mostCores` cores. */
export const shapes = (mostCores: number): fc.Arbitrary<Shape> =>
  fc
    .record({
      preset: fc.constantFrom(...PRESET_NAMES),
      nodes: fc.integer({ min: 1, max: mostCores }),
      coresPerNode: fc.integer({ min: 1, max: mostCores }),
      hartsPerCore: fc.constantFrom(1, 2),
      ways: fc.constantFrom(1, 2, 4),
      sets: fc.constantFrom(1, 2, 4),
      line: fc.constantFrom(16, 32, 64),
      seed: fc.integer({ min: 0, max: 1000 }),
    })
    .map((shape) => ({
      ...shape,
      nodes: shape.preset === 'smp' ? 1 : shape.nodes,
      coresPerNode: Math.max(1, Math.floor(shape.coresPerNode / (shape.preset === 'smp' ? 1 : shape.nodes))),
    }));
