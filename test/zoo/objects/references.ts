/** A reference count that is decremented, then read; the correct twin decides by what the decrement gave. */
import { fetchAndAdd, load } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const REFERENCES = word(0);
const FREED = word(1);

const dropped = (readsAgain: boolean): Form => ({
  *code() {
    let left = (yield fetchAndAdd(REFERENCES, -1)) - 1;
    if (readsAgain) left = yield load(REFERENCES);
    if (left === 0) check((yield fetchAndAdd(FREED, 1)) === 0, 'freed twice');
  },
  *end() {
    check((yield load(FREED)) === 1, 'never freed');
  },
});

export default bug({
  id: 'E05',
  title: 'reference count decremented, then read',
  wrong: 'Both of the last two may read 0 after their decrements, and free the object twice.',
  shows: 'assertion',
  modelPreemptions: 1,
  initially: { [REFERENCES]: 2 },
  faulty: dropped(true),
  correct: dropped(false),
});
