import { describe, expect, test } from 'vitest';
import { checkConfig, ConfigError } from '../../hw/check-config.ts';
import { CONFIG_FIELDS, describeAllowed } from '../../hw/config-fields.ts';
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
    expect(refused({ l2: { size: 0, ways: 0 }, llc: { size: 0, ways: 7 } })).toBeUndefined();
    expect(refused({ l2: { size: 64, ways: 1 }, llc: { size: 4096, ways: 64 } })).toBeUndefined();
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
    ['memorySystem', { memorySystem: 'ring' as never }],
    ['memorySystem', { memorySystem: '' as never }],
    ['coherence', { coherence: 'mesi' as never }],
    ['coherence', { coherence: undefined as never }],
    ['coherence', { memorySystem: 'bus', nodes: 1, coherence: 'none' }],
    ['nodes', { memorySystem: 'bus', nodes: 2 }],
    ['storeBuffer', { storeBuffer: -1 }],
    ['storeBuffer', { storeBuffer: 65 }],
    ['storeBuffer', { storeBuffer: 4, coherence: 'none' }],
    ['l2.size', { l2: { size: 1000, ways: 2 } }],
    ['l2.size', { l2: { size: -64, ways: 1 } }],
    ['l2.size', { l2: { size: 32, ways: 1 } }],
    ['l2.size', { l2: { size: Number.NaN, ways: 1 } }],
    ['l2.size', { l2: { size: 1 << 27, ways: 1 } }],
    ['l2.ways', { l2: { size: 1024, ways: 0 } }],
    ['l2.ways', { l2: { size: 1024, ways: 3 } }],
    ['l2.ways', { l2: { size: 1024, ways: 32 } }],
    ['llc.size', { llc: { size: 3 << 10, ways: 3 } }],
    ['llc.size', { llc: { size: 0.5, ways: 1 } }],
    ['llc.ways', { llc: { size: 4096, ways: 1.5 } }],
    ['llc.ways', { llc: { size: 4096, ways: 128 } }],
    ['timing.l2Hit', { timing: { ...GOOD.timing, l2Hit: -1 } }],
    ['timing.llcHit', { timing: { ...GOOD.timing, llcHit: Number.NaN } }],
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

describe('the schema', () => {
  const paths = (tree: object, prefix = ''): string[] =>
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null ? paths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
    );

  test('describes every field of a configuration but the name of its preset, and no other', () => {
    expect(CONFIG_FIELDS.map(({ path }) => path).toSorted()).toEqual(
      paths(GOOD)
        .filter((path) => path !== 'preset')
        .toSorted(),
    );
    for (const { summary } of CONFIG_FIELDS) expect(summary).toMatch(/^[A-Z].*\.$/);
  });

  test.each(CONFIG_FIELDS)('refuses nonsense in $path, and says what is allowed', ({ path, allowed }) => {
    const [outer = '', inner] = path.split('.');
    const whole = GOOD[outer as keyof MachineConfig];
    const nonsense = inner === undefined ? 'x' : { ...(whole as object), [inner]: 'x' };
    expect(() => checkConfig({ ...GOOD, [outer]: nonsense })).toThrow(
      `${path}: x is not ${describeAllowed(allowed)}`,
    );
  });
});
