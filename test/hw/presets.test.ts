import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEVICE_BASE } from '../../hw/address-map.ts';
import { ConfigError } from '../../hw/check-config.ts';
import { hartCount } from '../../hw/config.ts';
import { describeConfig, findPreset, PRESETS, presetConfig } from '../../hw/presets.ts';
import { effort } from './effort.ts';

const NAMES = PRESETS.map(({ name }) => name);

describe.each(PRESETS)('the preset $name', ({ name, summary, config }) => {
  test('says what it is', () => {
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(findPreset(name)?.name).toBe(name);
  });

  test.each([1, 2, 4, 8, 16, 64, 256, 1024])('can be built with %i harts', (harts) => {
    const built = presetConfig(name, { harts });
    expect(hartCount(built)).toBe(harts);
    expect(built.nodes * built.memoryPerNode).toBeLessThanOrEqual(DEVICE_BASE);
  });

  test.each([2, 4])('can be built with %i harts in each core', (hartsPerCore) => {
    for (const harts of [4, 8, 64]) {
      const built = presetConfig(name, { harts, hartsPerCore });
      expect([hartCount(built), built.hartsPerCore]).toEqual([harts, hartsPerCore]);
    }
  });

  test('is the same whenever it is asked for', () => {
    expect(presetConfig(name)).toEqual(presetConfig(name));
  });

  test('keeps its memory where that fits', () => {
    expect(presetConfig(name, { harts: 1 }).memoryPerNode).toBe(config.memoryPerNode);
  });
});

describe('a choice', () => {
  test('of harts, nodes and harts per core is kept, or refused naming the field', () => {
    const count = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        count,
        count,
        fc.integer({ min: 1, max: 8 }),
        (name, harts, nodes, hartsPerCore) => {
          const bus = findPreset(name)?.config.memorySystem === 'bus';
          const fits = harts % (nodes * hartsPerCore) === 0 && (!bus || nodes === 1);
          try {
            const config = presetConfig(name, { harts, nodes, hartsPerCore });
            expect(fits).toBe(true);
            expect(hartCount(config)).toBe(harts);
            expect(config.nodes).toBe(nodes);
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
            expect(fits).toBe(false);
          }
        },
      ),
      effort(200),
    );
  });

  test('of a seed is kept, and others may be set', () => {
    const config = presetConfig('smp', { seed: 77, set: { skew: 3 } });
    expect(config.seed).toBe(77);
    expect(config.skew).toBe(3);
  });

  test('of a preset that does not exist is refused', () => {
    expect(findPreset('vax')).toBeUndefined();
    expect(() => presetConfig('vax')).toThrow('there is no machine "vax"');
  });

  test('is described in words', () => {
    expect(describeConfig(presetConfig('cc-numa', { harts: 16 }))).toBe('16 harts on 4 nodes');
    expect(describeConfig(presetConfig('smp', { harts: 1 }))).toBe('1 hart on 1 node');
  });
});
