/**
 * Threads that use synchronization objects by chance: with time-outs, with ends in the middle of critical sections, and
 * in processes that are killed. Each looks whether what the object promises held; status 0 says that it did.
 */
import { addressOf, type Code, fetchAndAdd, load, store, work } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { nextRandom } from '../../../userland/index.ts';
import { check, sys } from '../run.ts';

/** Words of the page that the threads share. */
const AT = {
  mutex: 0,
  rwlock: 4,
  semaphore: 8,
  condition: 12,
  barrier: 16,
  seed: 20,
  threads: 24,
  kinds: 28,
  inside: 64,
  /** Set by one that ends inside, alone. */
  ended: 96,
  readers: 128,
  tokens: 192,
  items: 224,
  bad: 256,
  next: 320,
  /** How many times each member has arrived. */
  arrived: 512,
} as const;
const TOKENS = 2;

/** What threads do, a bit each: they draw from what is set. */
export const KINDS = Object.freeze({ mutex: 1, read: 2, write: 4, semaphore: 8, condition: 16 });
/** All of them. */
export const EVERY_KIND = 31;

const EPISODES = 4;
const ROUNDS = 12;

function* wrong(page: number, mark: number): Code {
  yield store(page + AT.bad, mark);
}

/** Whether a lock was got; after the end of its holder, of which one is told, it is put in order. */
function* got(page: number, words: number, handle: number, result: number): Code<boolean> {
  if (result === 0 && (yield load(page + words + AT.ended)) !== 0) yield* wrong(page, 6);
  if (result === ERROR.EOWNERDEAD) {
    if ((yield load(page + words + AT.ended)) === 0) yield* wrong(page, 7);
    yield store(page + words + AT.ended, 0);
    const marked = yield sys('lockConsistent', handle);
    if (marked !== 0) yield* wrong(page, 1);
    return true;
  }
  if (result !== 0 && result !== ERROR.ETIMEDOUT && result !== ERROR.EINTR) yield* wrong(page, 100 - result);
  return result === 0;
}

/** Alone inside, but for readers if it reads. */
function* section(page: number, words: number, reads: boolean): Code {
  const [mine, others] = reads ? [AT.readers, AT.inside] : [AT.inside, AT.readers];
  const before = yield fetchAndAdd(page + words + mine, 1);
  if (!reads && before !== 0) yield* wrong(page, 2);
  if ((yield load(page + words + others)) !== 0) yield* wrong(page, 3);
  yield work(37);
  yield fetchAndAdd(page + words + mine, -1);
}

/** Those inside the mutex and those inside the reader-writer lock are counted in words of their own, by offset. */
const OF_MUTEX = 0;
const OF_RWLOCK = 1024;

/** The bit among those set that a draw falls on. */
function oneOf(kinds: number, draw: number): number {
  const set = Object.values(KINDS).filter((bit) => (kinds & bit) !== 0);
  return set[draw % set.length] ?? 0;
}

function* visits(page: number, block: number): Code<number> {
  const me = yield fetchAndAdd(page + AT.next, 1);
  let dice = ((yield load(page + AT.seed)) ^ Math.imul(me + 1, 0x9e3779b1)) | 1;
  const roll = (sides: number): number => {
    dice = nextRandom(dice);
    return (dice >>> 8) % sides;
  };
  // Now and then nobody runs out of time and nobody ends early: then a wake-up that is lost is missed for good.
  const calm = ((yield load(page + AT.seed)) & 1) === 0;
  const timeout = (): number => (calm ? 0 : ([0, 0, 0, -1, 200 + roll(3000)][roll(5)] as number));
  yield* meets(page, me, () => 300 + roll(4000));
  const mutex = yield load(page + AT.mutex);
  const rwlock = yield load(page + AT.rwlock);
  const semaphore = yield load(page + AT.semaphore);
  const condition = yield load(page + AT.condition);
  const every = yield load(page + AT.kinds);
  const kinds = calm ? every & ~KINDS.condition : every;
  if (kinds !== every) yield* passes(page, me);
  for (let round = 0; round < ROUNDS; round += 1) {
    const what = oneOf(kinds, roll(31));
    if (what === KINDS.mutex) {
      if (!(yield* got(page, OF_MUTEX, mutex, yield sys('mutexLock', mutex, timeout())))) continue;
      yield* section(page, OF_MUTEX, false);
      if (!calm && roll(8) === 0) return yield* endInside(page, OF_MUTEX);
      yield* check(yield sys('mutexUnlock', mutex), 0, 10);
    } else if (what === KINDS.read) {
      const result = yield sys('rwlockRead', rwlock, timeout());
      if (result !== 0 && result !== ERROR.EOWNERDEAD) continue;
      yield* section(page, OF_RWLOCK, true);
      if (!calm && roll(8) === 0) return 0;
      yield* check(yield sys('rwlockUnlock', rwlock), 0, 11);
    } else if (what === KINDS.write) {
      if (!(yield* got(page, OF_RWLOCK, rwlock, yield sys('rwlockWrite', rwlock, timeout())))) continue;
      yield* section(page, OF_RWLOCK, false);
      if (!calm && roll(8) === 0) return yield* endInside(page, OF_RWLOCK);
      yield* check(yield sys('rwlockUnlock', rwlock), 0, 12);
    } else if (what === KINDS.semaphore) {
      if ((yield sys('semaphoreWait', semaphore, timeout())) !== 0) continue;
      if ((yield fetchAndAdd(page + AT.tokens, 1)) >= TOKENS) yield* wrong(page, 4);
      yield work(roll(200));
      yield fetchAndAdd(page + AT.tokens, -1);
      yield* check(yield sys('semaphorePost', semaphore, 1), 0, 13);
    } else {
      if (!(yield* got(page, OF_MUTEX, mutex, yield sys('mutexLock', mutex, 0)))) continue;
      const waits = yield sys('conditionWait', condition, mutex, 200 + roll(2000));
      const isTold = waits === ERROR.EOWNERDEAD || waits === ERROR.ETIMEDOUT;
      if (!(yield* got(page, OF_MUTEX, mutex, waits === ERROR.ETIMEDOUT ? 0 : waits)) && !isTold)
        yield* wrong(page, 8);
      yield* section(page, OF_MUTEX, false);
      yield sys('conditionWake', condition, 1 + roll(2));
      yield* check(yield sys('mutexUnlock', mutex), 0, 14);
    }
  }
  return block === 0 ? 1 : 0;
}

/** Ends with a lock held. */
function* endInside(page: number, words: number): Code<number> {
  yield store(page + words + AT.ended, 1);
  return 0;
}

/** Half of the threads make items, and the others take as many, and wait for each as long as it takes. */
function* passes(page: number, me: number): Code {
  const half = (yield load(page + AT.threads)) >> 1;
  const mutex = yield load(page + AT.mutex);
  const condition = yield load(page + AT.condition);
  if (me >= 2 * half) return;
  for (let item = 0; item < ROUNDS; item += 1) {
    yield* check(yield sys('mutexLock', mutex, 0), 0, 15);
    const items = yield load(page + AT.items);
    if (me < half) yield store(page + AT.items, items + 1);
    else {
      while ((yield load(page + AT.items)) === 0)
        yield* check(yield sys('conditionWait', condition, mutex, 0), 0, 16);
      yield store(page + AT.items, (yield load(page + AT.items)) - 1);
    }
    yield* check(yield sys('mutexUnlock', mutex), 0, 17);
    if (me < half) yield* check((yield sys('conditionWake', condition, 1)) < 0 ? 1 : 0, 0, 18);
  }
}

/** Meets the others, and comes again when the time was too short, in the end to stay: or all might go each time that one comes. */
function* meets(page: number, me: number, timeout: () => number): Code {
  const barrier = yield load(page + AT.barrier);
  const threads = yield load(page + AT.threads);
  for (let episode = 1; episode <= EPISODES; episode += 1) {
    yield store(page + AT.arrived + 4 * me, episode);
    let result = ERROR.ETIMEDOUT as number;
    for (let tries = 1; result === ERROR.ETIMEDOUT; tries += 1)
      result = yield sys('barrierWait', barrier, me, tries < 4 ? timeout() : 0);
    if (result !== 0) yield* wrong(page, 500 - result);
    for (let other = 0; other < threads; other += 1)
      if ((yield load(page + AT.arrived + 4 * other)) < episode) yield* wrong(page, 5);
  }
}

function* prepare(seed: number, threads: number, kinds: number): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  yield store(page + AT.mutex, yield sys('mutexCreate'));
  yield store(page + AT.rwlock, yield sys('rwlockCreate', (seed >> 1) & 1));
  yield store(page + AT.semaphore, yield sys('semaphoreCreate', TOKENS));
  yield store(page + AT.condition, yield sys('conditionCreate'));
  yield store(page + AT.barrier, yield sys('barrierCreate', threads, (seed >> 2) & 1));
  yield store(page + AT.seed, seed);
  yield store(page + AT.threads, threads);
  yield store(page + AT.kinds, kinds);
  return page;
}

function* everybody(seed: number, threads: number, kinds: number): Code<number> {
  const page = yield* prepare(seed, threads, kinds);
  const numbers: number[] = [];
  for (let count = 0; count < threads; count += 1)
    numbers.push(yield sys('threadSpawn', yield addressOf(visits), page, -1));
  for (const number of numbers) yield* check(yield sys('threadJoin', number, 0), 0, 20);
  // What nobody can hold any more, everybody can get; and nothing is in use.
  for (const name of ['mutexLock', 'rwlockWrite'] as const) {
    const handle = yield load(page + (name === 'mutexLock' ? AT.mutex : AT.rwlock));
    const result = yield sys(name, handle, -1);
    if (result === ERROR.EOWNERDEAD) yield* check(yield sys('lockConsistent', handle), 0, 21);
    else yield* check(result, 0, 22);
    yield* check(yield sys(name === 'mutexLock' ? 'mutexUnlock' : 'rwlockUnlock', handle), 0, 23);
  }
  for (const field of [AT.mutex, AT.rwlock, AT.semaphore, AT.condition, AT.barrier])
    yield* check(yield sys('syncDestroy', yield load(page + field)), 0, 24);
  return yield load(page + AT.bad);
}

/** What is killed in the middle. */
function* victim(seed: number): Code<number> {
  return yield* everybody(seed, 4, EVERY_KIND);
}

/** Three words of parameters: a seed, how many threads, and what they do. */
export function* races(_: number, block: number): Code<number> {
  const seed = yield load(block + 28);
  const threads = yield load(block + 32);
  const kinds = yield load(block + 36);
  const child = yield sys('spawn', yield addressOf(victim), seed, -1);
  const bad = yield* everybody(seed, threads, kinds);
  yield sys('sleep', seed & 0x3fff);
  yield sys('kill', child);
  yield* check(yield sys('wait', child, block - 512), child, 30);
  const status = yield load(block - 512);
  return bad !== 0 ? bad & 0xff : status === 0 || status === -64 ? 0 : 31;
}
