/**
 * Marsaglia's 32-bit xorshift: the random numbers of programs and of what measures them, the same for everybody.
 */

/** The number after `x`, which must not be 0: 1 to 2^32 - 1, all of them in turn. */
export function nextRandom(x: number): number {
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}
