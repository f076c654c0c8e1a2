/** Random caches, and traces that hit and miss in them: a few areas, walked through and jumped about in. */
import fc from 'fast-check';
import type { NaiveDesign, Touch } from './naive-cache.ts';

/**
 * @param lines what a line's size may be, as powers of two
 * @param ways what the ways may be
 */
export const designs = (
  lines: { readonly min: number; readonly max: number },
  ways: readonly number[] = [1, 2, 3, 4, 5, 8, 16],
): fc.Arbitrary<NaiveDesign> =>
  fc.record({
    sets: fc.integer({ min: 0, max: 5 }).map((power) => 2 ** power),
    ways: fc.constantFrom(...ways),
    line: fc.integer(lines).map((power) => 2 ** power),
    writeBack: fc.boolean(),
    writeAllocate: fc.boolean(),
  });

/** A trace in the addresses from 0 to `span`; every access is of `sizes` bytes and aligned to `align`. */
export const traces = (span: number, sizes: readonly number[], align: number): fc.Arbitrary<Touch[]> => {
  const touch = fc.record({
    kind: fc.constantFrom('read' as const, 'read' as const, 'write' as const, 'fetch' as const),
    address: fc
      .oneof(fc.nat(63), fc.nat(1023), fc.nat(span - 1))
      .map((address) => address - (address % align)),
    size: fc.constantFrom(...sizes),
  });
  const walk = fc
    .record({
      first: touch,
      stride: fc.constantFrom(4, 16, 64, 256, 1024),
      steps: fc.integer({ min: 2, max: 30 }),
    })
    .map(({ first, stride, steps }) =>
      Array.from({ length: steps }, (_, step) => ({
        ...first,
        address: (first.address + step * stride) % span,
      })),
    );
  return fc
    .array(
      fc.oneof(
        touch.map((one) => [one]),
        walk,
      ),
      { maxLength: 60, size: 'max' },
    )
    .map((parts) => parts.flat());
};
