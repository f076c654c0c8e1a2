import { describe, expect, test } from 'vitest';
import { checkConfig, ConfigError } from '../../hw/check-config.ts';
import type { MachineConfig } from '../../hw/config.ts';
import { presetConfig } from '../../hw/presets.ts';
import { tlbWith } from './machines.ts';

const GOOD = presetConfig('cc-numa', { harts: 8, nodes: 2 });

/** The field that a configuration is refused for, or undefined. */
function refused(change: Partial<MachineConfig>): string | undefined {
  try {
    checkConfig({ ...GOOD, ...change });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain(`${(error as ConfigError).field}: `);
    return (error as ConfigError).field;
  }
}

describe('a configuration', () => {
  test('that is sound is accepted', () => {
    expect(refused({})).toBeUndefined();
  });

  const bad: readonly [string, Partial<MachineConfig>][] = [
    ['nodes', { nodes: 0 }],
    ['nodes', { nodes: 1.5 }],
    ['nodes', { nodes: 3000 }],
    ['nodes', { coresPerNode: 1.5 }],
    ['hartsPerCore', { hartsPerCore: 0 }],
    ['hartsPerCore', { hartsPerCore: 9 }],
    ['harts', { nodes: 1024, coresPerNode: 2 }],
    ['memoryPerNode', { memoryPerNode: 3 << 20 }],
    ['memoryPerNode', { memoryPerNode: 1 << 12 }],
    ['memoryPerNode', { nodes: 64, coresPerNode: 1, memoryPerNode: 1 << 26 }],
    ['l1.line', { l1: { size: 1024, ways: 2, line: 8 } }],
    ['l1.line', { l1: { size: 1024, ways: 2, line: 48 } }],
    ['l1.size', { l1: { size: 1000, ways: 2, line: 64 } }],
    ['l1.size', { l1: { size: 32, ways: 1, line: 64 } }],
    ['l1.ways', { l1: { size: 1024, ways: 0, line: 64 } }],
    ['l1.ways', { l1: { size: 1024, ways: 3, line: 64 } }],
    ['l1.ways', { l1: { size: 1024, ways: 32, line: 64 } }],
    ['tlb.entries', { tlb: tlbWith(6, 2) }],
    ['tlb.ways', { tlb: tlbWith(8, 3) }],
    ['tlb.ways', { tlb: tlbWith(8, 16) }],
    ['timing.l1Hit', { timing: { ...GOOD.timing, l1Hit: 0 } }],
    ['timing.hop', { timing: { ...GOOD.timing, hop: -1 } }],
    ['timing.memory', { timing: { ...GOOD.timing, memory: 1.5 } }],
    ['disk.blocks', { disk: { ...GOOD.disk, blocks: 0 } }],
    ['disk.seek', { disk: { ...GOOD.disk, seek: -1 } }],
    ['disk.transfer', { disk: { ...GOOD.disk, transfer: 0 } }],
    ['skew', { skew: 0 }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 0.5 }],
    ['seed', { seed: Number.NaN }],
  ];

  test.each(bad)('is refused for its %s: %j', (field, change) => {
    expect(refused(change)).toBe(field);
  });
});
