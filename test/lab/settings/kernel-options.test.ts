import { describe, expect, test } from 'vitest';
import { KERNEL_KEYS, KERNEL_OPTIONS, withKernelOption } from '../../../lab/settings/kernel-options.ts';

describe('an option of the kernel', () => {
  test('can be set by its key', () => {
    expect(KERNEL_KEYS).toContain('kernel.framesPerNode');
    const options = withKernelOption({ slice: 7 }, 'kernel.framesPerNode', '64');
    expect(options).toEqual({ slice: 7, framesPerNode: 64 });
  });

  test.each([
    ['slice', 'soon', '--set kernel.slice=soon: the value is a number'],
    ['framesPerNode', '7', '--set kernel.framesPerNode=7: the value is a whole number from 8 to 524288'],
    ['slice', '0', '--set kernel.slice=0: the value is a whole number from 1 to 1073741823'],
    ['scheduler', 'round-rubin', "did you mean 'round-robin'?"],
    ['objects.region', 'grup:4', "unknown degree 'grup:4'; did you mean 'group:4'?"],
    ['objects.fcm', 'group:0', "did you mean 'group:4'?"],
    ['locking', 'hierarchy', "did you mean 'hierarchical'?"],
    ['objects.adapt', 'yes', 'unknown objects.adapt'],
    ['objects.consistency', 'call', "did you mean 'calls'?"],
  ])('%s is not %s', (name, text, message) => {
    expect(() => withKernelOption({}, `kernel.${name}`, text)).toThrow(message);
  });

  test.each(Object.entries(KERNEL_OPTIONS))('%s has a row that says what it may be', (_, { kind }) => {
    expect(['whole', 'oneOf', 'yesNo', 'degree']).toContain(kind);
  });
});
