/** Random choices for whoever draws programs: from a seed here, from fast-check's generator in arbitrary.ts. */
import { splitMix } from '../../../hw/sequencer/split-mix.ts';

export interface Dice {
  /** A whole number from 0 up to `count` - 1. */
  below(count: number): number;
}

/** Dice that always fall the same way for a seed. */
export function seededDice(seed: number): Dice {
  const random = splitMix(seed);
  return { below: (count) => random() % count };
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
