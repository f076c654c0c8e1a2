/** The faults that `eddy bench` times are those of the measured part, and no others. */
import { expect, test } from 'vitest';
import { FAULTING_HARTS, measureFaults } from '../../../lab/bench/faults.ts';

test('every page faults once on each hart; what comes before and after does not count', () => {
  const pages = 16;
  const { faults, seconds } = measureFaults(pages);
  expect(faults).toBeGreaterThanOrEqual(FAULTING_HARTS * pages);
  // Each worker prints what it has measured: that is on its stack, and one more fault.
  expect(faults).toBeLessThanOrEqual(FAULTING_HARTS * (pages + 2));
  expect(seconds).toBeGreaterThan(0);
});
