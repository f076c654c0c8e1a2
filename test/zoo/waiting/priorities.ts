/**
 * Priority inversion on one hart, under a scheduler that always takes the ready thread with the highest priority:
 * low holds a lock, high waits for it, and medium keeps low from running. In the correct twin whoever waits lends
 * the holder its priority (Sha, Rajkumar & Lehoczky, *Priority Inheritance Protocols*, 1990).
 */
import {
  addressOf,
  type Code,
  createContext,
  csrRead,
  load,
  store,
  switchContext,
} from '../../../hw/isa/index.ts';
import { bug, check, type Form, word } from '../bug.ts';

const [LOW, MEDIUM, HIGH] = [0, 1, 2];
const THREADS = [LOW, MEDIUM, HIGH];
/** Steps that medium runs for. */
const BUDGET = 5;
const NOBODY = -1;

const SCHEDULER = word(0);
const HOLDER = word(1);
const INHERITS = word(2);
const ready = (thread: number): number => word(8 + thread);
const priority = (thread: number): number => word(16 + thread);
const context = (thread: number): number => word(24 + thread);
const done = (thread: number): number => word(32 + thread);

/** Goes on in the scheduler, and comes back when it is this thread's turn. */
function* giveWay(): Code {
  yield switchContext(yield load(SCHEDULER));
}

function* acquire(me: number): Code {
  for (let holder = yield load(HOLDER); holder !== NOBODY; holder = yield load(HOLDER)) {
    yield store(ready(me), 0);
    if (yield load(INHERITS)) yield store(priority(holder), yield load(priority(me)));
    yield* giveWay();
  }
  yield store(HOLDER, me);
}

function* release(me: number): Code {
  yield store(HOLDER, NOBODY);
  yield store(priority(me), me);
  yield store(ready(HIGH), 1);
  yield* giveWay();
}

function* holdLock(me: number): Code {
  yield* acquire(me);
  // Medium and high arrive while low is inside.
  yield store(ready(MEDIUM), 1);
  yield store(ready(HIGH), 1);
  yield* giveWay();
  yield* release(me);
  yield* end(me);
}

function* compute(me: number): Code {
  for (let step = 0; step < BUDGET; step++) yield* giveWay();
  check((yield load(done(HIGH))) === 1, 'high has waited for all that medium had to do');
  yield* end(me);
}

function* end(me: number): Code {
  yield store(done(me), 1);
  yield store(ready(me), 0);
  yield* giveWay();
}

function* wantLock(me: number): Code {
  yield* acquire(me);
  yield* release(me);
  yield* end(me);
}

function* highestReady(): Code<number> {
  let best = NOBODY;
  for (const thread of THREADS) {
    if ((yield load(ready(thread))) === 0) continue;
    if (best === NOBODY || (yield load(priority(thread))) > (yield load(priority(best)))) best = thread;
  }
  return best;
}

function* schedule(inherits: number): Code {
  yield store(SCHEDULER, yield csrRead('scurrent'));
  yield store(INHERITS, inherits);
  for (const [thread, code] of [holdLock, compute, wantLock].entries()) {
    yield store(context(thread), yield createContext(yield addressOf(code), thread, 0));
    yield store(priority(thread), thread);
  }
  for (let next = yield* highestReady(); next !== NOBODY; next = yield* highestReady())
    yield switchContext(yield load(context(next)));
}

const scheduled = (inherits: number): Form => ({ code: () => schedule(inherits) });

export default bug({
  id: 'W09',
  title: 'priority inversion',
  wrong: 'Whoever holds the lock that the highest thread waits for is kept from running by one in between.',
  shows: 'assertion',
  modelPreemptions: 0,
  harts: 1,
  initially: { [HOLDER]: NOBODY, [ready(LOW)]: 1 },
  faulty: scheduled(0),
  correct: scheduled(1),
});
