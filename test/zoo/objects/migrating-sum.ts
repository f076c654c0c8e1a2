/** The values of two representatives are added up while one moves to the other; the correct twin locks. */
import { awaitTestAndSet, type Code, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const LOCK = word(0);
const OLD = word(1);
const NEW = word(2);
const VALUE = 5;

function* locked(body: Code): Code {
  yield awaitTestAndSet(LOCK);
  yield* body;
  yield store(LOCK, 0);
}

function* migrate(): Code {
  const value = yield load(OLD);
  yield store(OLD, 0);
  yield store(NEW, (yield load(NEW)) + value);
}

function* addUp(): Code {
  const old = yield load(OLD);
  check(old + (yield load(NEW)) === VALUE, 'counted twice, or not at all');
}

const shared = (locks: boolean): Form => ({
  code: (hart) => (hart === 0 ? locked(migrate()) : locks ? locked(addUp()) : addUp()),
});

export default bug({
  id: 'E07',
  title: 'sum over representatives while one migrates',
  wrong: 'The reader does not take the root lock, and counts the value that moves twice or not at all.',
  shows: 'assertion',
  modelPreemptions: 1,
  initially: { [OLD]: VALUE },
  faulty: shared(false),
  correct: shared(true),
});
