import { nextRandom } from '../../../userland/index.ts';

/** The random numbers of measured programs, one after the other. */
export function xorshift(seed: number): () => number {
  let x = seed | 0 || 1;
  return () => (x = nextRandom(x));
}
