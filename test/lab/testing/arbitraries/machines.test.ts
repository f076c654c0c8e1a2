import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkConfig, valueAt } from '../../../../hw/check-config.ts';
import { CONFIG_FIELDS, isAllowed } from '../../../../hw/config-fields.ts';
import { hartCount, type MachineConfig } from '../../../../hw/config.ts';
import { fetchAndAdd } from '../../../../hw/isa/index.ts';
import { Machine } from '../../../../hw/machine.ts';
import { PRESETS, presetConfig } from '../../../../hw/presets.ts';
import { machines } from '../../../../lab/testing/arbitraries/machines.ts';
import { effort } from '../../../hw/effort.ts';
import { smallest } from './smallest.ts';

const everything = machines({ presets: PRESETS.map(({ name }) => name), harts: 8 });

describe('drawn machines', () => {
  test('can be built, and have the harts that were asked for', () => {
    fc.assert(
      fc.property(everything, (config) => {
        checkConfig(config);
        expect(hartCount(config)).toBeLessThanOrEqual(8);
      }),
      effort(500),
    );
  });

  test('run', () => {
    fc.assert(
      fc.property(machines({ harts: 4 }), (config) => {
        const machine = new Machine(config);
        for (let hart = 0; hart < machine.harts; hart++) {
          machine.start(hart, function* program() {
            for (let time = 0; time < 5; time++) yield fetchAndAdd(0x1000, 1);
          });
        }
        expect(machine.run()).toEqual({ kind: 'finished' });
        expect(machine.peek(0x1000)).toBe(5 * machine.harts);
      }),
      effort(30),
    );
  });

  // A field that is forgotten by the arbitrary would have one value only.
  test.each(CONFIG_FIELDS.map(({ path }) => path).filter((path) => path !== 'memoryPerNode'))(
    '%s takes more than one value, all of them allowed',
    (path) => {
      const seen = new Set(
        fc.sample(everything, { numRuns: 300, seed: 1 }).map((config) => valueAt(config, path)),
      );
      expect(seen.size).toBeGreaterThan(1);
      const row = CONFIG_FIELDS.find((field) => field.path === path);
      for (const value of seen) expect(row && isAllowed(row.allowed, value)).toBe(true);
    },
  );

  test('keep what they are told to keep', () => {
    const choice = { presets: ['smp'], fixed: ['l1.size', 'coherence'], storeBuffers: false };
    for (const config of fc.sample(machines(choice), 200)) {
      expect(config.coherence).toBe('invalidate');
      expect(config.storeBuffer).toBe(0);
      expect(config.l1.size).toBe(presetConfig('smp').l1.size);
    }
  });

  test('a preset that there is not is named', () => {
    expect(() => fc.sample(machines({ presets: ['pdp11'] }), 1)).toThrow('there is no machine "pdp11"');
  });
});

describe('a machine shrinks', () => {
  const plain: MachineConfig = {
    ...presetConfig('cc-numa', { harts: 1, seed: 0 }),
    memoryPerNode: 1 << 20,
    disk: { ...presetConfig('cc-numa').disk, blocks: 256 },
  };

  test('to one hart of the first preset, with every field as the preset has it', () => {
    expect(smallest(machines(), () => true)).toEqual(plain);
  });

  test.each<[string, (config: MachineConfig) => boolean, Partial<MachineConfig>]>([
    ['three harts', (config) => hartCount(config) >= 3, { coresPerNode: 3 }],
    ['two nodes', ({ nodes }) => nodes >= 2, { nodes: 2 }],
    ['a store buffer of 3', ({ storeBuffer }) => storeBuffer >= 3, { storeBuffer: 3 }],
    ['a second level', ({ l2 }) => l2.size > 0, { l2: { size: 64, ways: 1 } }],
    ['lines of 16 bytes', ({ l1 }) => l1.line === 16, { l1: { ...plain.l1, line: 16 } }],
    ['the updating protocol', ({ coherence }) => coherence === 'update', { coherence: 'update' }],
  ])('to what matters: %s', (_what, fails, differs) => {
    const found = smallest(machines(), fails);
    expect({ ...found, l2: { ...found.l2, ways: 1 } }).toEqual({
      ...plain,
      l2: { ...plain.l2, ways: 1 },
      ...differs,
    });
  });
});
