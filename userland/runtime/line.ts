/**
 * Alignment against false sharing: two things that different harts write must not lie in one cache line,
 * or each write takes the line away from the other hart.
 */

/** Bytes that no preset's cache line exceeds. What begins on a multiple of it shares its line with nothing before. */
export const LINE = 64;

/** The first multiple of `unit` (a power of two) that is not below `value`. */
export const roundUp = (value: number, unit: number): number => (value + unit - 1) & -unit;
