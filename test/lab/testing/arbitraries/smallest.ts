/** To which case a property shrinks that fails for exactly those values of which something can be said. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { effort } from '../../../hw/effort.ts';

/** The counterexample that is left when nothing can be made smaller. */
export function smallest<T>(arbitrary: fc.Arbitrary<T>, fails: (value: T) => boolean, seed = 1): T {
  const found = fc.check(
    fc.property(arbitrary, (value) => !fails(value)),
    { ...effort(5000, seed), endOnFailure: false },
  );
  expect(found.failed).toBe(true);
  return found.counterexample?.[0] as T;
}
