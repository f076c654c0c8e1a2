/**
 * A page fault takes the region's lock, then the file cache's; page-out needs them the other way round. The
 * correct twin of page-out lets the first go before it takes the second.
 */
import { awaitTestAndSet, type Code, store } from '../../../hw/isa/index.ts';
import { bug, type Form, word } from '../bug.ts';

const REGION = word(0);
const CACHE = word(1);

function* fault(): Code {
  yield awaitTestAndSet(REGION);
  yield awaitTestAndSet(CACHE);
  yield store(CACHE, 0);
  yield store(REGION, 0);
}

function* pageOut(letsGoFirst: boolean): Code {
  yield awaitTestAndSet(CACHE);
  if (letsGoFirst) yield store(CACHE, 0);
  yield awaitTestAndSet(REGION);
  yield store(REGION, 0);
  if (!letsGoFirst) yield store(CACHE, 0);
}

const both = (letsGoFirst: boolean): Form => ({
  code: (hart) => (hart === 0 ? fault() : pageOut(letsGoFirst)),
});

export default bug({
  id: 'D02',
  title: 'two locks in both orders',
  wrong:
    'Page-out holds the cache while it asks for the region; a fault holds the region and asks for the cache.',
  shows: 'deadlock',
  modelPreemptions: 1,
  faulty: both(false),
  correct: both(true),
});
