/**
 * Spinning for a while before sleeping. Who spins about as long as a sleep and a wake-up would cost needs at most twice
 * the time of one who knew beforehand what is better (Karlin et al., SOSP 1991).
 */
import { type Code, load, work } from '../../hw/isa/index.ts';
import { DELAY } from './locks/delay.ts';

/** Looks, DELAY cycles apart: together about a sleep and a wake-up, on the machines that there are. */
const LOOKS = 32;

// DOC: spin-a-while
/** Waits for a while that a word is another one than `value`; gives the word as it was last seen. */
export function* spinAWhile(word: number, value: number): Code<number> {
  let seen = yield load(word);
  for (let look = 0; seen === value && look < LOOKS; look++) {
    yield work(DELAY);
    seen = yield load(word);
  }
  return seen;
}
