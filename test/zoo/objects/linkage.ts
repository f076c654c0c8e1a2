/**
 * A protected procedure call returns while the domain of its caller is ended. The return path trusts the linkage
 * record that it has read; in the correct twin return and end both claim the record, and one of them gets it.
 */
import { type Code, compareAndSwap, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const LINKAGE = word(0);
const FREED = word(1);
const IN_CALL = 0;
const RETURNING = 1;
const RETURNED = 2;
const ENDED = 3;

function* enterCaller(): Code {
  check((yield load(FREED)) === 0, 'returned into a domain that is gone');
}

function* returnTrusting(): Code {
  if ((yield load(LINKAGE)) === IN_CALL) yield* enterCaller();
}

function* returnClaiming(): Code {
  if ((yield compareAndSwap(LINKAGE, IN_CALL, RETURNING)) !== IN_CALL) return;
  yield* enterCaller();
  yield store(LINKAGE, RETURNED);
}

function* end(): Code {
  if ((yield compareAndSwap(LINKAGE, IN_CALL, ENDED)) === RETURNING) yield spinUntil(LINKAGE, RETURNED);
  yield store(FREED, 1);
}

const calling = (returns: () => Code): Form => ({ code: (hart) => (hart === 0 ? returns() : end()) });

export default bug({
  id: 'I03',
  title: 'return into a terminated domain',
  wrong: 'The caller is ended between the look at the linkage record and the return.',
  shows: 'assertion',
  modelPreemptions: 1,
  faulty: calling(returnTrusting),
  correct: calling(returnClaiming),
});
