/** Steele, Lea & Flood's SplitMix, with 32 bits: near seeds give unlike numbers. */

/** The sequence of a seed: gives its next number, from 0 to 2^32 − 1. */
export function splitMix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return scrambled(state) >>> 0;
  };
}

/** A word of which each bit depends on all of another's; no two words give the same. */
export function scrambled(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}
