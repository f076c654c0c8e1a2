/**
 * A model of a snooping protocol with a queue before the bus: a cache that shares a line asks for an upgrade, and is
 * invalidated before the bus is its own. The correct twin looks at its state again when it has the bus, and reads the
 * line anew. Words stand for caches: transactions of the emulated machine are atomic, and have no such queue.
 */
import { awaitTestAndSet, type Code, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const BUS = word(0);
const state = (cache: number): number => word(1 + cache);
const data = (cache: number): number => word(3 + cache);
const INVALID = 0;
const SHARED = 1;
const MODIFIED = 2;

/** Adds 1 to the line, in one go once the cache owns it. */
function* increment(me: number, looksAgain: boolean): Code {
  const other = 1 - me;
  let mine = yield load(state(me));
  yield awaitTestAndSet(BUS);
  if (looksAgain) mine = yield load(state(me));
  if (mine === INVALID) yield store(data(me), yield load(data(other)));
  yield store(state(other), INVALID);
  yield store(state(me), MODIFIED);
  yield store(data(me), (yield load(data(me))) + 1);
  yield store(BUS, 0);
}

const sharing = (looksAgain: boolean): Form => ({
  code: (hart) => increment(hart, looksAgain),
  *end() {
    const owner = (yield load(state(0))) === MODIFIED ? 0 : 1;
    check((yield load(data(owner))) === 2, 'an addition was lost');
  },
});

export default bug({
  id: 'C01',
  title: 'queued upgrade of a line that is lost',
  wrong: 'Another upgrade comes first on the bus, and the queued one is granted without its data.',
  shows: 'assertion',
  modelPreemptions: 1,
  initially: { [state(0)]: SHARED, [state(1)]: SHARED },
  faulty: sharing(false),
  correct: sharing(true),
});
