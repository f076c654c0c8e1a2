import { describe, expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntilNot, store, work } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { check, expectStatus, MACHINES, sys } from '../run.ts';

/** Room below the thread block that the programs use for their own words. */
const ROOM = -512;

function* addsOne(counter: number): Code<number> {
  for (let round = 0; round < 20; round += 1) yield fetchAndAdd(counter, 1);
  return counter ^ 0x55;
}

function* joinsTwenty(_: number, block: number): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  const first = yield sys('threadSpawn', yield addressOf(addsOne), page, -1);
  for (let count = 1; count < 20; count += 1) yield sys('threadSpawn', yield addressOf(addsOne), page, -1);
  for (let count = 0; count < 20; count += 1) {
    yield* check(yield sys('threadJoin', first + count, block + ROOM), 0, 1);
    yield* check(yield load(block + ROOM), page ^ 0x55, 2);
  }
  yield* check(yield sys('threadJoin', first, 0), ERROR.ESRCH, 3);
  yield* check(yield sys('threadJoin', 1, 0), ERROR.EDEADLK, 4);
  return (yield load(page)) === 400 ? 0 : 5;
}

function* exitsThread(value: number): Code<number> {
  yield sys('threadExit', value);
  return 0;
}

function* lastOneTurnsOffTheLight(_: number, block: number): Code<number> {
  const thread = yield sys('threadSpawn', yield addressOf(exitsThread), 77, -1);
  yield* check(yield sys('threadJoin', thread, block + ROOM), 0, 1);
  yield* check(yield load(block + ROOM), 77, 2);
  yield sys('threadSpawn', yield addressOf(exitsThread), 1, -1);
  yield sys('threadExit', 5);
  return 3;
}

function* spinsForEver(): Code {
  for (;;) yield work(10);
}

function* exitsWithThreadsRunning(): Code<number> {
  for (let hart = 0; hart < 8; hart += 1) yield sys('threadSpawn', yield addressOf(spinsForEver), 0, -1);
  yield sys('sleep', 5000);
  return 9;
}

function* waitsForFlag(flag: number): Code<number> {
  yield spinUntilNot(flag, 0);
  return 1;
}

/** Both on hart 0: without preemption the spinner would keep the hart for ever. */
function* needsPreemption(_: number, block: number): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  const thread = yield sys('threadSpawn', yield addressOf(waitsForFlag), page, 0);
  yield sys('yield');
  yield store(page, 1);
  yield* check(yield sys('threadJoin', thread, block + ROOM), 0, 1);
  return (yield load(block + ROOM)) === 1 ? 0 : 2;
}

function* writesTurns(log: number): Code {
  for (let round = 0; round < 5; round += 1) {
    const at = yield fetchAndAdd(log, 1);
    yield store(log + 4 + 4 * at, yield sys('currentThread'));
    yield sys('yield');
  }
}

/** Two threads of hart 0 that yield after each entry alternate. */
function* alternates(): Code<number> {
  const log = yield sys('mmap', 0, 4096, 3, 0);
  const a = yield sys('threadSpawn', yield addressOf(writesTurns), log, 0);
  const b = yield sys('threadSpawn', yield addressOf(writesTurns), log, 0);
  yield sys('threadJoin', a, 0);
  yield sys('threadJoin', b, 0);
  for (let at = 0; at < 10; at += 1) yield* check(yield load(log + 4 + 4 * at), at % 2 === 0 ? a : b, 1);
  return 0;
}

function* sleeps(cycles: number): Code<number> {
  const before = yield sys('clock');
  yield sys('sleep', cycles);
  return (yield sys('clock')) - before;
}

function* sleepsInParallel(_: number, block: number): Code<number> {
  const threads: number[] = [];
  for (const cycles of [50_000, 10_000, 30_000])
    threads.push(yield sys('threadSpawn', yield addressOf(sleeps), cycles, 0));
  for (const [index, cycles] of [50_000, 10_000, 30_000].entries()) {
    yield sys('threadJoin', threads[index] as number, block + ROOM);
    const slept = yield load(block + ROOM);
    yield* check(slept >= cycles && slept < cycles + 20_000 ? 1 : 0, 1, index + 1);
  }
  yield* check(yield sys('sleep', -1), ERROR.EINVAL, 4);
  yield* check(yield sys('sleep', 0x7fffffff), ERROR.EINVAL, 5);
  return 0;
}

function* placesThreads(): Code<number> {
  const harts = yield sys('hartCount');
  yield* check(yield sys('threadSpawn', yield addressOf(sleeps), 0, harts), ERROR.EINVAL, 1);
  yield* check(yield sys('threadSpawn', yield addressOf(sleeps), 0, -2), ERROR.EINVAL, 2);
  yield* check(yield sys('threadSpawn', 0x1234, 0, 0), ERROR.EINVAL, 3);
  yield* check(yield sys('threadSpawn', 0, 0, -1), ERROR.EINVAL, 4);
  return 0;
}

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('threads run, add to one counter, and are joined with their values', () => {
    expectStatus(0, joinsTwenty, machine);
  });
  test('a thread that calls threadExit is joined with its value; the last one ends the process with status 0', () => {
    expectStatus(0, lastOneTurnsOffTheLight, machine);
  });
  test('the end of the first thread ends the others, wherever they are', () => {
    expectStatus(9, exitsWithThreadsRunning, machine);
  });
  test('a thread that never yields is preempted when another waits for its hart', () => {
    expectStatus(0, needsPreemption, { ...machine, options: { slice: 2000 } });
  });
  test('yield lets the other thread of the hart go first', () => {
    expectStatus(0, alternates, machine);
  });
  test('sleepers wake when their time has come, in any order', () => {
    expectStatus(0, sleepsInParallel, machine);
  });
  test('a thread is refused a hart that is not there and an entry that is no code', () => {
    expectStatus(0, placesThreads, machine);
  });
});

test('a running thread alone on its hart is never interrupted by a slice', () => {
  const { machine } = expectStatus(0, alone, { harts: 1 });
  expect(machine.counters.total('interrupts')).toBe(0);
});

function* alone(): Code {
  yield work(1_000_000);
}
