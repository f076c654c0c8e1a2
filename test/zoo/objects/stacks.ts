/** Two callers pop an argument stack from a free list; in the correct twin a lock makes the pop one step. */
import { awaitTestAndSet, type Code, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const HEAD = word(0);
const LOCK = word(1);
const FIRST = word(2);
const SECOND = word(3);
const users = (stack: number): number => stack + 4;

function* pop(): Code<number> {
  const stack = yield load(HEAD);
  yield store(HEAD, yield load(stack));
  return stack;
}

function* popLocked(): Code<number> {
  yield awaitTestAndSet(LOCK);
  const stack = yield* pop();
  yield store(LOCK, 0);
  return stack;
}

const called = (take: () => Code<number>): Form => ({
  *code() {
    const stack = yield* take();
    check((yield fetchAndAdd(users(stack), 1)) === 0, 'two calls on one stack');
  },
});

export default bug({
  id: 'I02',
  title: 'free list popped in two accesses',
  wrong: 'Two callers may read the same head, and put their arguments on the same stack.',
  shows: 'assertion',
  modelPreemptions: 1,
  initially: { [HEAD]: FIRST, [FIRST]: SECOND },
  faulty: called(pop),
  correct: called(popLocked),
});
