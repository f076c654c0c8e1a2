/** Affinity, priority, class, and yielding to a certain thread: what they do, and what bad input gives. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntilNot, store, work } from '../../../hw/isa/index.ts';
import { ERROR, PRIORITY, SCHEDULING } from '../../../kernel/abi/index.ts';
import type { KernelOptions } from '../../../kernel/index.ts';
import { check, expectStatus, run, sys } from '../run.ts';

/** One of each sort: queues in HART, one for all, local ones, ranks, routes. */
const NAMES = ['round-robin', 'fcfs', 'fixed-processor', 'static-priority', 'minimum-intervening-plus-queue'];
const PAGE = 0x0001_0000;
const SET = PAGE + 128;

/** Reports where it runs whenever it is asked to, until it is told to end. */
function* reports(slot: number): Code<number> {
  for (;;) {
    const order = yield spinUntilNot(slot, 0);
    if (order === 2) return 0;
    yield store(slot + 4, yield sys('currentHart'));
    yield store(slot, 0);
  }
}

function* whereIs(slot: number): Code<number> {
  yield store(slot, 1);
  yield spinUntilNot(slot + 4, -1);
  const hart = yield load(slot + 4);
  yield store(slot + 4, -1);
  return hart;
}

function* goesWhereItMay(): Code<number> {
  yield sys('mmap', PAGE, 4096, 3, 0);
  for (const hart of [2, 0, 3]) {
    yield store(SET, 1 << hart);
    yield* check(yield sys('threadSetAffinity', 0, SET, 1), 0, 1);
    yield* check(yield sys('currentHart'), hart, 2);
    yield store(SET, 0);
    yield* check(yield sys('threadGetAffinity', 0, SET, 1), 0, 3);
    yield* check(yield load(SET), 1 << hart, 4);
  }
  yield store(PAGE + 4, -1);
  const other = yield sys('threadSpawn', yield addressOf(reports), PAGE, -1);
  for (const hart of [1, 2, 1, 0]) {
    yield store(SET, 1 << hart);
    yield* check(yield sys('threadSetAffinity', other, SET, 1), 0, 5);
    // It runs: until its interrupt has come it may still be there.
    yield sys('sleep', 8000);
    yield* check(yield* whereIs(PAGE), hart, 6);
  }
  yield store(SET, 15);
  yield* check(yield sys('threadSetAffinity', other, SET, 1), 0, 7);
  yield store(PAGE, 2);
  return yield sys('threadJoin', other, 0);
}

function* badInput(): Code<number> {
  yield sys('mmap', PAGE, 4096, 3, 0);
  const is = function* (result: number, expected: number, mark: number): Code {
    yield* check(result, expected, mark);
  };
  yield* is(yield sys('threadSetAffinity', 0, SET, 1), ERROR.EINVAL, 1);
  yield store(SET, 1 << 5);
  yield* is(yield sys('threadSetAffinity', 0, SET, 1), ERROR.EINVAL, 2);
  yield store(SET, 3 | (1 << 31));
  yield* is(yield sys('threadSetAffinity', 0, SET, 1), ERROR.EINVAL, 3);
  yield store(SET, 1);
  yield* is(yield sys('threadSetAffinity', 77, SET, 1), ERROR.ESRCH, 4);
  yield* is(yield sys('threadSetAffinity', -1, SET, 1), ERROR.ESRCH, 5);
  yield* is(yield sys('threadSetAffinity', 0, SET, 2), ERROR.EINVAL, 6);
  yield* is(yield sys('threadSetAffinity', 0, SET, 0), ERROR.EINVAL, 7);
  yield* is(yield sys('threadSetAffinity', 0, SET + 2, 1), ERROR.EFAULT, 8);
  yield* is(yield sys('threadSetAffinity', 0, 0x4000_0000, 1), ERROR.EFAULT, 9);
  yield* is(yield sys('threadGetAffinity', 0, 0x4000_0000, 1), ERROR.EFAULT, 10);
  yield* is(yield sys('threadGetAffinity', 77, SET, 1), ERROR.ESRCH, 11);
  yield* is(yield sys('threadGetAffinity', 0, SET, 0), ERROR.EINVAL, 12);
  for (const priority of [PRIORITY.LEAST - 1, PRIORITY.MOST + 1, 1 << 30])
    yield* is(yield sys('threadSetPriority', 0, priority), ERROR.EINVAL, 13);
  yield* is(yield sys('threadSetPriority', 77, 3), ERROR.ESRCH, 14);
  yield* is(yield sys('threadGetPriority', 77), ERROR.ESRCH, 15);
  yield* is(yield sys('threadSetClass', 0, SCHEDULING.IDLE + 1), ERROR.EINVAL, 16);
  yield* is(yield sys('threadSetClass', 0, -1), ERROR.EINVAL, 17);
  yield* is(yield sys('threadSetClass', 77, 0), ERROR.ESRCH, 18);
  yield* is(yield sys('threadGetClass', 77), ERROR.ESRCH, 19);
  yield* is(yield sys('yieldTo', 77), ERROR.ESRCH, 20);
  yield* is(yield sys('yieldTo', 0), ERROR.EAGAIN, 21);
  yield* is(yield sys('threadGetPriority', 0), PRIORITY.NORMAL, 22);
  yield* is(yield sys('threadSetPriority', 0, PRIORITY.MOST), 0, 23);
  yield* is(yield sys('threadGetPriority', 0), PRIORITY.MOST, 24);
  yield* is(yield sys('threadSetClass', 0, SCHEDULING.IDLE), 0, 25);
  yield* is(yield sys('threadGetClass', 0), SCHEDULING.IDLE, 26);
  return 0;
}

describe.each(NAMES)('%s', (scheduler) => {
  test('a thread goes to the harts of its set', () => {
    expectStatus(0, goesWhereItMay, { options: { scheduler } });
  });
  test('bad input gives errors', () => {
    expectStatus(0, badInput, { harts: 3, options: { scheduler } });
  });
});

/** Notes its number in the log. */
function* notes(number: number): Code<number> {
  yield work(400);
  yield store(PAGE + 8 + 4 * (yield fetchAndAdd(PAGE, 1)), number);
  return 0;
}

/** Three threads of one hart, the second one urgent and the third one idle. */
function* urgentFirst(): Code<number> {
  yield sys('mmap', PAGE, 4096, 3, 0);
  yield sys('threadSetClass', 0, SCHEDULING.FIFO);
  const numbers = [0, 0, 0];
  for (const index of [0, 1, 2])
    numbers[index] = yield sys('threadSpawn', yield addressOf(notes), index + 1, 0);
  yield sys('threadSetClass', numbers[0] as number, SCHEDULING.IDLE);
  yield sys('threadSetPriority', numbers[1] as number, 3);
  yield sys('threadSetPriority', numbers[2] as number, 20);
  for (const number of numbers) yield sys('threadJoin', number, 0);
  yield* check(yield load(PAGE + 8), 3, 1);
  yield* check(yield load(PAGE + 12), 2, 2);
  yield* check(yield load(PAGE + 16), 1, 3);
  return 0;
}

test.each(['static-priority', 'dynamic-priority', 'weighted-priority'])(
  '%s heeds classes and priorities',
  (scheduler) => {
    expectStatus(0, urgentFirst, { harts: 1, options: { scheduler } });
  },
);

/** A thread that spins is overtaken by one of a higher priority, which was made ready on another hart. */
function* overtakes(): Code<number> {
  yield sys('mmap', PAGE, 4096, 3, 0);
  yield sys('threadSetPriority', 0, 30);
  const low = yield sys('threadSpawn', yield addressOf(reports), PAGE + 512, 1);
  yield sys('threadSetPriority', low, 2);
  yield sys('sleep', 4000);
  const before = yield sys('clock');
  const high = yield sys('threadSpawn', yield addressOf(notes), 1, 1);
  yield sys('threadJoin', high, 0);
  // Far less than a slice.
  yield* check((yield sys('clock')) - before < 100_000 ? 1 : 0, 1, 1);
  yield store(PAGE + 512, 2);
  return yield sys('threadJoin', low, 0);
}

test('a thread of a higher priority does not wait for the end of a slice', () => {
  expectStatus(0, overtakes, { harts: 2, options: { scheduler: 'static-priority', slice: 1_000_000 } });
});

/** Of three threads that wait for one hart, the last one is to be next. */
function* givesTo(): Code<number> {
  yield sys('mmap', PAGE, 4096, 3, 0);
  const numbers = [0, 0, 0];
  for (const index of [0, 1, 2])
    numbers[index] = yield sys('threadSpawn', yield addressOf(notes), index + 1, 0);
  yield* check(yield sys('yieldTo', numbers[2] as number), 0, 1);
  yield* check(yield load(PAGE + 8), 3, 2);
  for (const number of numbers) yield sys('threadJoin', number, 0);
  return 0;
}

test.each(NAMES)('yieldTo gives the hart to the thread that it names, with %s', (scheduler) => {
  expectStatus(0, givesTo, { harts: 1, options: { scheduler, slice: 1_000_000 } });
});

/** Two that compute, of a higher priority than a third one, on one hart. */
function* starves(): Code<number> {
  yield sys('mmap', PAGE, 4096, 3, 0);
  yield sys('threadSetPriority', 0, 31);
  for (const _ of [1, 2]) {
    const busy = yield sys('threadSpawn', yield addressOf(reports), PAGE + 512, 0);
    yield sys('threadSetPriority', busy, 20);
  }
  const low = yield sys('threadSpawn', yield addressOf(notes), 1, 0);
  yield sys('threadSetPriority', low, 10);
  yield sys('sleep', 400_000);
  yield sys('exit', (yield load(PAGE)) === 1 ? 0 : 1);
  return 9;
}

test('with an age weight of 0 a thread of a low priority starves, otherwise it does not', () => {
  const after = (age: number) => {
    const options = { scheduler: 'weighted-priority', slice: 3000, 'scheduler.age': age };
    return run(starves, { harts: 1, options }).stop;
  };
  expect(after(1)).toEqual({ kind: 'halted', status: 0 });
  expect(after(0)).toEqual({ kind: 'halted', status: 1 });
});

/** Holds the lock at PAGE + 256 for a while, having begun as the only one. */
function* holds(): Code<number> {
  yield store(PAGE + 256, 1);
  yield sys('futexWake', PAGE + 260, 1);
  yield work(3000);
  yield store(PAGE + 256, 0);
  yield sys('futexWake', PAGE + 256, 1);
  return 0;
}

function* wants(): Code<number> {
  yield sys('futexWait', PAGE + 256, 1, 0);
  yield store(PAGE + 300, 1);
  return 0;
}

function* computes(): Code<number> {
  for (let part = 0; part < 30; part += 1) yield work(2000);
  yield store(PAGE + 304, yield load(PAGE + 300));
  return 0;
}

/** W09: high waits for what low holds, and medium runs. The status says whether high was done before medium. */
function* inverts(): Code<number> {
  yield sys('mmap', PAGE, 4096, 3, 0);
  yield sys('threadSetPriority', 0, 31);
  yield store(PAGE + 304, 7);
  const low = yield sys('threadSpawn', yield addressOf(holds), 0, 0);
  yield sys('threadSetPriority', low, 5);
  yield sys('futexWait', PAGE + 260, 0, 0);
  const high = yield sys('threadSpawn', yield addressOf(wants), 0, 0);
  yield sys('threadSetPriority', high, 30);
  const medium = yield sys('threadSpawn', yield addressOf(computes), 0, 0);
  yield sys('threadSetPriority', medium, 15);
  for (const thread of [low, high, medium]) yield sys('threadJoin', thread, 0);
  return yield load(PAGE + 304);
}

test('priorities are not inherited: a thread waits for one of a lower priority, which age helps', () => {
  const under = (options: KernelOptions) =>
    run(inverts, { harts: 1, options: { slice: 3000, ...options } }).stop;
  expect(under({ scheduler: 'static-priority' })).toEqual({ kind: 'halted', status: 0 });
  const aged = { scheduler: 'weighted-priority', 'scheduler.age': 4, 'scheduler.affinity': 0 };
  expect(under(aged)).toEqual({ kind: 'halted', status: 1 });
});
