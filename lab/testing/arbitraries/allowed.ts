/**
 * From a row of a table of settings (hw/config-fields.ts, lab/settings/kernel-options.ts) to an arbitrary: whatever the
 * row allows, within a practical range. A setting that gets a row is drawn from then on.
 */
import fc from 'fast-check';
import type { AllowedOption } from '../../settings/kernel-options.ts';

/** Ends of a range that keep a machine quick to build and to run, where the table allows more. */
export interface Range {
  readonly least?: number;
  readonly most?: number;
}

export type Setting = number | string | boolean;

/** Any value that a row allows and the range does not exclude. Shrinks to the least, the first, or `false`. */
export function allowedValues(allowed: AllowedOption, range: Range = {}): fc.Arbitrary<Setting> {
  switch (allowed.kind) {
    case 'whole':
      return fc.integer(ends(allowed, range));
    case 'powerOfTwo':
      return powersOfTwo(allowed, range);
    case 'powerOfTwoOrNone':
      return fc.oneof({ withCrossShrink: true }, fc.constant(0), powersOfTwo(allowed, range));
    case 'oneOf':
      return fc.constantFrom(...allowed.values);
    case 'yesNo':
      return fc.boolean();
    case 'degree':
      return fc.constantFrom('shared', 'group:2', 'group:3', 'node', 'hart');
  }
}

/** The value half of the time or less; shrinks to nothing, which stands for what is usual. */
export const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );

const ends = (allowed: { least: number; most: number }, range: Range): { min: number; max: number } => {
  const min = Math.max(allowed.least, range.least ?? allowed.least);
  return { min, max: Math.max(min, Math.min(allowed.most, range.most ?? allowed.most)) };
};

function powersOfTwo(allowed: { least: number; most: number }, range: Range): fc.Arbitrary<number> {
  const { min, max } = ends(allowed, range);
  return fc
    .integer({ min: Math.ceil(Math.log2(min)), max: Math.floor(Math.log2(max)) })
    .map((power) => 2 ** power);
}
