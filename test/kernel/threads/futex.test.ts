import { describe, expect, test } from 'vitest';
import {
  addressOf,
  type Code,
  compareAndSwap,
  fetchAndAdd,
  fetchAndStore,
  load,
  store,
} from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { describeWait, inspectThreads, whoIs } from '../../../kernel/index.ts';
import { check, expectInvariants, expectStatus, MACHINES, run, sys } from '../run.ts';

const ROUNDS = 30;

/** Drepper's mutex: 0 free, 1 taken, 2 taken and waited for. */
function* lock(word: number): Code {
  let state = yield compareAndSwap(word, 0, 1);
  if (state === 0) return;
  if (state !== 2) state = yield fetchAndStore(word, 2);
  while (state !== 0) {
    yield sys('futexWait', word, 2, 0);
    state = yield fetchAndStore(word, 2);
  }
}

function* unlock(word: number): Code {
  if ((yield fetchAndAdd(word, -1)) === 1) return;
  yield store(word, 0);
  yield sys('futexWake', word, 1);
}

/** Adds without atomicity, under the lock: a lost wake-up hangs, a broken lock loses a count. */
function* addsUnderLock(page: number): Code {
  for (let round = 0; round < ROUNDS; round += 1) {
    yield* lock(page);
    yield store(page + 64, (yield load(page + 64)) + 1);
    yield* unlock(page);
  }
}

function* contends(): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  const threads: number[] = [];
  for (let count = 0; count < 8; count += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(addsUnderLock), page, -1));
  for (const thread of threads) yield sys('threadJoin', thread, 0);
  return (yield load(page + 64)) === 8 * ROUNDS ? 0 : 1;
}

function* waits(page: number): Code<number> {
  yield fetchAndAdd(page + 8, 1);
  return yield sys('futexWait', page, 0, 0);
}

function* wakesSome(_: number, block: number): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  yield* check(yield sys('futexWait', page, 1, 0), ERROR.EAGAIN, 1);
  yield* check(yield sys('futexWait', page + 1, 0, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('futexWait', page, 0, -5), ERROR.EINVAL, 3);
  yield* check(yield sys('futexWait', 0x100, 0, 0), ERROR.EFAULT, 4);
  yield* check(yield sys('futexWake', 0x100, 1), ERROR.EFAULT, 5);
  yield* check(yield sys('futexWake', page, -1), ERROR.EINVAL, 6);
  yield* check(yield sys('futexWake', page, 10), 0, 7);
  yield* check(yield sys('futexWait', page, 0, 3000), ERROR.ETIMEDOUT, 8);
  const threads: number[] = [];
  for (let count = 0; count < 5; count += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(waits), page, -1));
  while ((yield load(page + 8)) < 5) yield sys('sleep', 1000);
  yield sys('sleep', 30_000);
  // Another word of the same page, and of the same bucket on one hart, wakes nobody.
  yield* check(yield sys('futexWake', page + 16, 10), 0, 9);
  yield* check(yield sys('futexWake', page, 2), 2, 10);
  yield* check(yield sys('futexWake', page, 10), 3, 11);
  for (const thread of threads) {
    yield* check(yield sys('threadJoin', thread, block - 512), 0, 12);
    yield* check(yield load(block - 512), 0, 13);
  }
  return 0;
}

function* waitsWithTimeout(page: number): Code<number> {
  return yield sys('futexWait', page, 0, 5000);
}

/** Wakes at about the time at which the time-outs come: each thread gets exactly one of the two. */
function* racesTimeouts(_: number, block: number): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  yield load(page);
  const threads: number[] = [];
  for (let count = 0; count < 8; count += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(waitsWithTimeout), page, -1));
  let woken = 0;
  for (let round = 0; round < 40; round += 1) {
    woken += yield sys('futexWake', page, 1);
    yield sys('sleep', 600);
  }
  let returned = 0;
  for (const thread of threads) {
    yield sys('threadJoin', thread, block - 512);
    const result = yield load(block - 512);
    if (result === 0) returned += 1;
    else yield* check(result, ERROR.ETIMEDOUT, 1);
  }
  return woken === returned ? 0 : 2;
}

function* waitsForEver(): Code {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  const other = yield sys('threadSpawn', yield addressOf(waits), page, -1);
  yield sys('threadJoin', other, 0);
}

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('a blocking mutex loses no count and no wake-up', () => {
    for (const seed of [1, 2, 3]) expectStatus(0, contends, { ...machine, seed, options: { slice: 1500 } });
  });
  test('wait and wake give what they should', () => {
    expectStatus(0, wakesSome, machine);
  });
  test('a wake-up and a time-out at once: one of them counts', () => {
    for (const seed of [1, 2, 3]) expectStatus(0, racesTimeouts, { ...machine, seed });
  });
  test('threads that wait for each other for ever are a deadlock, and the report says who waits for what', () => {
    const { machine: stopped, stop } = run(waitsForEver, machine);
    expect(stop).toEqual({ kind: 'deadlock' });
    expectInvariants(stopped);
    const texts = inspectThreads(stopped).map(describeWait);
    expect(texts[0]).toMatch(/^process 1 thread 1 waits for the end of thread 2 since cycle \d+$/);
    expect(texts[1]).toMatch(/^process 1 thread 2 waits on futex 0x00010000 since cycle \d+$/);
    const user = inspectThreads(stopped)[1]?.userContext ?? 0;
    expect(whoIs(stopped, user)).toMatchObject({ kind: 'user', process: 1, thread: 2 });
    expect(whoIs(stopped, stopped.currentContext(0))).toEqual({ kind: 'dispatcher', hart: 0 });
  });
});
