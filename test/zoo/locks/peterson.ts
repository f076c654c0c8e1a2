/** Peterson's lock behind store buffers, without fences; the correct twin has them. */
import { PetersonLock } from '../../../userland/index.ts';
import { bug, word } from '../bug.ts';
import { counting } from './counting.ts';

const LOCK = word(0);

export default bug({
  id: 'L08',
  title: 'Peterson without a fence',
  wrong: 'A thread looks for the other while its own announcement still waits in the store buffer.',
  shows: 'assertion',
  modelPreemptions: 1,
  needs: 'store buffers',
  faulty: counting(new PetersonLock(LOCK, { fences: false }), [1, 1]),
  correct: counting(new PetersonLock(LOCK), [1, 1]),
});
