/** Peterson's lock behind store buffers, without fences; the correct twin has them. */
import { PetersonLock } from '../../../userland/sync/index.ts';
import { type Bug, word } from '../bug.ts';
import { counting } from './counting.ts';

const LOCK = word(0);
const BUFFERED = 4;

export const petersonWithoutFence: Bug = {
  id: 'L08',
  name: 'Peterson without a fence',
  wrong: 'A thread looks for the other while its own announcement still waits in the store buffer.',
  shows: 'assertion',
  modelPreemptions: 1,
  harts: 2,
  faulty: counting(new PetersonLock(LOCK, { fences: false }), [1, 1], BUFFERED),
  correct: counting(new PetersonLock(LOCK), [1, 1], BUFFERED),
};
