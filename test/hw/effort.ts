/**
 * How hard a property is tried. Seeds are fixed, so that a failure is the same for everybody; fast-check
 * prints the seed and the smallest counterexample. `npm run test:deep` tries ten times as many cases.
 */
const DEEP = 10;

/** Parameters for `fc.assert`: so many cases, from a fixed seed. */
export const effort = (cases: number, seed = 20_260_101): { numRuns: number; seed: number } => ({
  numRuns: process.env['EDDY_DEEP'] ? cases * DEEP : cases,
  seed,
});
