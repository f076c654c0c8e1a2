/**
 * A lock on a machine whose caches nobody keeps coherent: what it guards is cached, and must be back in memory
 * before the lock is free. The correct twin flushes first, then releases. Lock and counters of the exercise are
 * touched by atomic instructions alone, which such a machine executes at the memory.
 */
import { awaitTestAndSet, fetchAndStore, flush, load, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const LOCK = word(0);
const COUNT = word(1);

const counting = (flushesFirst: boolean): Form => ({
  *code() {
    yield awaitTestAndSet(LOCK);
    yield store(COUNT, (yield load(COUNT)) + 1);
    if (flushesFirst) yield flush(COUNT);
    yield fetchAndStore(LOCK, 0);
    if (!flushesFirst) yield flush(COUNT);
  },
  *end() {
    // The last to finish has no copy of the line: it has flushed it.
    check((yield load(COUNT)) === 2, 'an addition was lost');
  },
});

export default bug({
  id: 'C05',
  title: 'lock released without write-back',
  wrong: 'The next holder reads from memory what the last one still has in its cache.',
  shows: 'assertion',
  modelPreemptions: 1,
  needs: 'no coherence',
  faulty: counting(false),
  correct: counting(true),
});
