import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../hw/presets.ts';
import { KERNEL_LIMITS, type KernelOptions, planKernel } from '../../../kernel/index.ts';
import { expectStatus, MACHINES, sys } from '../run.ts';

const config = presetConfig('cc-numa', { harts: 4, set: { memoryPerNode: 1 << 20 } });

describe('the options of a kernel', () => {
  test.each(['slice', 'refsPerHart', 'framesPerNode'] as const)('%s has its limits', (name) => {
    const { least, most } = KERNEL_LIMITS[name];
    for (const value of [least - 1, most + 1, least + 0.5])
      expect(() => planKernel(config, { [name]: value })).toThrow(
        `${name} is not a whole number from ${least}`,
      );
  });

  test.each<[string, KernelOptions, string]>([
    ['an unknown policy', { scheduler: 'fair' }, 'there is no scheduling policy "fair"'],
    ['more references than memory', { refsPerHart: 1 << 16 }, 'bytes per node are too few'],
  ])('refuses %s', (_what, options, message) => {
    expect(() => planKernel(config, options)).toThrow(message);
  });

  test('frames beyond the memory are not made up', () => {
    const { endOfFrames, frameTable } = planKernel(config, { framesPerNode: 100_000 });
    expect(endOfFrames).toBe(frameTable);
    expect(frameTable).toBe(config.memoryPerNode - Math.ceil(config.memoryPerNode / 4096 / 512) * 4096);
  });

  test.each(MACHINES)(
    'with the fewest frames the first process starts, $preset of $harts harts',
    (machine) => {
      const options = { framesPerNode: KERNEL_LIMITS.framesPerNode.least };
      expectStatus(
        3,
        function* () {
          yield sys('exit', 3);
        },
        { ...machine, options },
      );
    },
  );
});
