/**
 * Random times of programs: drawn from one stream of numbers (random.ts) per thread, so that the same seed gives
 * the same times however threads are scheduled. The arithmetic is registers; it costs no cycles.
 */
import { nextRandom } from './random.ts';

/** How times spread about their mean. */
export const SPREAD = { constant: 0, uniform: 1, exponential: 2 } as const;

const WORD = 2 ** 32;
/** A draw is never so far out that a sleep would be refused. */
const MOST = 50;

/** A drawn time, and the state of the stream behind it. */
export interface Draw {
  readonly cycles: number;
  readonly state: number;
}

/**
 * Draws a whole number of cycles, 0 or more.
 * @param state of the stream, not 0
 * @param mean of the times, in cycles
 * @param spread a number of SPREAD: `uniform` is 0 to twice the mean
 */
export function draw(state: number, mean: number, spread: number): Draw {
  const next = nextRandom(state);
  const unit = next / WORD;
  let factor = 1;
  if (spread === SPREAD.uniform) factor = 2 * unit;
  else if (spread === SPREAD.exponential) factor = Math.min(MOST, -Math.log(unit));
  return { cycles: Math.round(mean * factor), state: next };
}
