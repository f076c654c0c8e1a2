/** Two threads and one synchronization object of the kernel. */
import {
  barrierCreate,
  barrierWait,
  ERROR,
  load,
  lockConsistent,
  mutexCreate,
  mutexLock,
  mutexUnlock,
  store,
  syncDestroy,
} from '../../../../userland/index.ts';
import { awaitWord, going, together, untilGoing, WORD } from './together.ts';

/** The word that holds the object's handle. */
const OBJECT = WORD.other;
/** What the other thread got. */
const RESULT = WORD.futex;

/** One gives a mutex up when the other comes. */
export const mutexHandover = together({
  name: 'mutex-handover',
  summary: 'Takes a mutex that another hart gives up',
  *prepare(shared) {
    const mutex = yield* mutexCreate();
    yield store(shared + OBJECT, mutex);
    yield* mutexLock(mutex, 0);
  },
  *other(shared) {
    yield* awaitWord(shared);
    yield* going(shared);
    yield* mutexLock(yield load(shared + OBJECT), 0);
    yield* mutexUnlock(yield load(shared + OBJECT));
  },
  *first(shared) {
    yield* untilGoing(shared);
    yield* mutexUnlock(yield load(shared + OBJECT));
  },
});

/** One ends and has a mutex. */
export const mutexInherited = together({
  name: 'mutex-inherited',
  summary: 'Takes a mutex whose holder ends',
  *prepare(shared) {
    yield store(shared + OBJECT, yield* mutexCreate());
  },
  *other(shared) {
    yield* awaitWord(shared);
    yield* mutexLock(yield load(shared + OBJECT), 0);
    yield* going(shared);
  },
  *first(shared) {
    yield* untilGoing(shared);
    const mutex = yield load(shared + OBJECT);
    yield store(shared + RESULT, yield* mutexLock(mutex, 0));
    yield* lockConsistent(mutex);
    yield* mutexUnlock(mutex);
  },
  *after(shared) {
    return (yield load(shared + RESULT)) === ERROR.EOWNERDEAD ? 0 : 1;
  },
});

/** One does not get a mutex in time; then nobody is there any more. */
export const mutexTimeout = together({
  name: 'mutex-timeout',
  summary: 'Does not get a mutex in time',
  *prepare(shared) {
    const mutex = yield* mutexCreate();
    yield store(shared + OBJECT, mutex);
    yield* mutexLock(mutex, 0);
  },
  *other(shared) {
    yield* awaitWord(shared);
    const mutex = yield load(shared + OBJECT);
    const result = yield* mutexLock(mutex, 500);
    if (result === 0) yield* mutexUnlock(mutex);
    yield* going(shared);
  },
  *first(shared) {
    yield* untilGoing(shared);
    yield* mutexUnlock(yield load(shared + OBJECT));
  },
  *after(shared) {
    return (yield* syncDestroy(yield load(shared + OBJECT))) === 0 ? 0 : 1;
  },
});

/** Both meet, and meet again at once. */
export const barrierTwice = together({
  name: 'barrier-twice',
  summary: 'Meets another hart twice',
  *prepare(shared) {
    yield store(shared + OBJECT, yield* barrierCreate(2, 0));
  },
  *other(shared) {
    yield* awaitWord(shared);
    for (let episode = 0; episode < 2; episode += 1) yield* barrierWait(yield load(shared + OBJECT), 1, 0);
  },
  *first(shared) {
    for (let episode = 0; episode < 2; episode += 1) yield* barrierWait(yield load(shared + OBJECT), 0, 0);
  },
});
