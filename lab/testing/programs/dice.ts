/** Random choices for whoever draws programs: from a seed here, from fast-check's generator in arbitrary.ts. */
export interface Dice {
  /** A whole number from 0 up to `count` - 1. */
  below(count: number): number;
}

/** Steele, Lea & Flood's SplitMix with 32 bits: near seeds give unlike numbers. */
export function seededDice(seed: number): Dice {
  let state = seed | 0;
  return {
    below(count) {
      state = (state + 0x9e3779b9) | 0;
      let x = state;
      x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
      x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
      return ((x ^ (x >>> 15)) >>> 0) % count;
    },
  };
}

/** One of several. */
export const oneOf = <T>(dice: Dice, choices: readonly T[]): T => choices[dice.below(choices.length)] as T;

/** Whether something happens that has `chances` in `of`. */
export const happens = (dice: Dice, chances: number, of: number): boolean => dice.below(of) < chances;

/** One of several with weights. */
export function weighted<T extends { readonly weight: number }>(dice: Dice, choices: readonly T[]): T {
  let at = dice.below(choices.reduce((sum, { weight }) => sum + weight, 0));
  return choices.find(({ weight }) => (at -= weight) < 0) as T;
}
