/** A reference count that is decremented, then read; the correct twin decides by what the decrement gave. */
import { fetchAndAdd, load } from '../../../hw/isa/index.ts';
import { bare, type Bug, check, word } from '../bug.ts';

const REFERENCES = word(0);
const FREED = word(1);

const dropped = (readsAgain: boolean) =>
  bare({
    harts: 2,
    initially: { [REFERENCES]: 2 },
    *program() {
      let left = (yield fetchAndAdd(REFERENCES, -1)) - 1;
      if (readsAgain) left = yield load(REFERENCES);
      if (left === 0) yield* check((yield fetchAndAdd(FREED, 1)) === 0);
    },
    holds: (machine) => machine.peek(FREED) === 1,
  });

export const countReadAgain: Bug = {
  id: 'E05',
  name: 'reference count decremented, then read',
  wrong: 'Both of the last two may read 0 after their decrements, and free the object twice.',
  shows: 'assertion',
  modelPreemptions: 1,
  harts: 2,
  faulty: dropped(true),
  correct: dropped(false),
};
