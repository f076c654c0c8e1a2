import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, spinUntil, store, work } from '../../../hw/isa/index.ts';
import { ERROR, EXIT } from '../../../kernel/abi/index.ts';
import { check, expectInvariants, expectStatus, MACHINES, run, sys } from '../run.ts';

const ROOM = -512;

function* returns(value: number): Code<number> {
  return value;
}

function* spawnsAndWaits(_: number, block: number): Code<number> {
  const children: number[] = [];
  for (let value = 0; value < 6; value += 1)
    children.push(yield sys('spawn', yield addressOf(returns), 300 + value, -1));
  for (const [value, child] of children.entries()) {
    yield* check(yield sys('wait', child, block + ROOM), child, 1);
    yield* check(yield load(block + ROOM), (300 + value) & 0xff, 2);
    yield* check(yield sys('wait', child, 0), ERROR.ESRCH, 3);
  }
  yield* check(yield sys('wait', 1, 0), ERROR.EDEADLK, 4);
  yield* check(yield sys('wait', -1, 0), ERROR.ESRCH, 5);
  yield* check(yield sys('spawn', 4, 0, -1), ERROR.EINVAL, 6);
  yield* check(yield sys('spawn', yield addressOf(returns), 0, 99), ERROR.EINVAL, 7);
  const child = yield sys('spawn', yield addressOf(returns), 5, -1);
  yield* check(yield sys('wait', child, 0x30), ERROR.EFAULT, 8);
  yield* check(yield sys('wait', child, 0), child, 9);
  return 0;
}

/** A second process has its own memory at the same addresses. */
function* writesItsOwn(value: number, block: number): Code<number> {
  yield store(block + ROOM, value);
  yield sys('sleep', 2000);
  return yield load(block + ROOM);
}

function* isIsolated(_: number, block: number): Code<number> {
  const first = yield sys('spawn', yield addressOf(writesItsOwn), 21, 0);
  const second = yield sys('spawn', yield addressOf(writesItsOwn), 22, 0);
  yield store(block + ROOM, 23);
  yield sys('wait', first, block + ROOM - 4);
  yield* check(yield load(block + ROOM - 4), 21, 1);
  yield sys('wait', second, block + ROOM - 4);
  yield* check(yield load(block + ROOM - 4), 22, 2);
  return (yield load(block + ROOM)) === 23 ? 0 : 3;
}

function* spins(): Code {
  for (;;) yield work(20);
}

function* sleepsLong(): Code {
  yield sys('sleep', 1 << 29);
}

function* waitsOnFutex(_: number, block: number): Code {
  yield sys('futexWait', block + ROOM, 0, 0);
}

function* readsDisk(): Code {
  const base = yield sys('mmap', 0, 64 * 4096, 7, 0);
  for (let page = 0; page < 64; page += 1) yield store(base + 4096 * page, page);
  yield sys('munmap', base, 64 * 4096);
}

function* joinsSpinner(): Code {
  yield sys('threadJoin', yield sys('threadSpawn', yield addressOf(spins), 0, -1), 0);
}

function* waitsForChild(): Code {
  yield sys('wait', yield sys('spawn', yield addressOf(sleepsLong), 0, -1), 0);
}

function* mapsAndUnmaps(): Code {
  for (;;) {
    const base = yield sys('mmap', 0, 4 * 4096, 3, 0);
    yield store(base, 1);
    yield sys('munmap', base, 4 * 4096);
  }
}

function* manyOfEach(): Code {
  for (const entry of [spins, sleepsLong, waitsOnFutex, readsDisk, joinsSpinner, mapsAndUnmaps]) {
    yield sys('threadSpawn', yield addressOf(entry), 0, -1);
  }
  yield* spins();
}

const VICTIMS = {
  spins,
  sleepsLong,
  waitsOnFutex,
  readsDisk,
  joinsSpinner,
  waitsForChild,
  mapsAndUnmaps,
  manyOfEach,
};

function* killer(entry: number, after: number, block: number): Code<number> {
  const child = yield sys('spawn', entry, 0, -1);
  yield sys('sleep', after);
  yield* check(yield sys('kill', child), 0, 1);
  yield* check(yield sys('wait', child, block + ROOM), child, 2);
  yield* check(yield load(block + ROOM), EXIT.KILLED, 3);
  return 0;
}

function* kills(_: number, block: number): Code<number> {
  for (const entry of Object.values(VICTIMS)) {
    for (const after of [0, 700, 9000]) yield* killer(yield addressOf(entry), after, block);
  }
  return 0;
}

function* triesToKill(): Code<number> {
  if ((yield sys('kill', 1)) !== ERROR.EPERM) return 1;
  if ((yield sys('kill', 12_345)) !== ERROR.ESRCH) return 2;
  if ((yield sys('kill', -1)) !== ERROR.ESRCH) return 3;
  yield sys('kill', yield sys('currentProcess'));
  return 4;
}

function* mayNotKillItsParent(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(triesToKill), 0, -1);
  yield sys('wait', child, block + ROOM);
  yield* check(yield load(block + ROOM), EXIT.KILLED, 1);
  return 0;
}

function* leavesOrphan(): Code {
  yield sys('spawn', yield addressOf(sleepsLong), 0, -1);
  yield sys('spawn', yield addressOf(returns), 3, -1);
  yield sys('sleep', 50_000);
}

function* leavesEverythingBehind(): Code<number> {
  for (const entry of [leavesOrphan, spins, sleepsLong, readsDisk, returns])
    yield sys('spawn', yield addressOf(entry), 1, -1);
  yield sys('sleep', 100_000);
  return 6;
}

/** More processes, one after the other, than the table has slots. */
function* manyInTurn(): Code<number> {
  for (let count = 0; count < 600; count += 1) {
    const child = yield sys('spawn', yield addressOf(returns), 0, -1);
    yield* check(yield sys('wait', child, 0), child, 1);
  }
  return 0;
}

function* tooManyAtOnce(): Code<number> {
  let made = 0;
  for (;;) {
    const child = yield sys('spawn', yield addressOf(sleepsLong), 0, -1);
    if (child < 0) return made === 510 && child === ERROR.EAGAIN ? 0 : 1;
    made += 1;
  }
}

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('children are waited for, once, with their status', () => {
    expectStatus(0, spawnsAndWaits, machine);
  });
  test('processes do not see each other’s memory', () => {
    expectStatus(0, isIsolated, machine);
  });
  test('kill ends a process whatever its threads are doing', () => {
    expectStatus(0, kills, machine);
  });
  test('a process may not be killed by its child', () => {
    expectStatus(0, mayNotKillItsParent, machine);
  });
  test('the end of the first process ends all others', () => {
    expectStatus(6, leavesEverythingBehind, machine);
  });
});

test('other interleavings of kill', () => {
  for (const seed of [2, 3, 4, 5]) expectStatus(0, kills, { harts: 8, seed, options: { slice: 900 } });
});

test('process slots are used again', () => {
  const { machine } = expectStatus(0, manyInTurn, { harts: 2 });
  expect(machine.now()).toBeGreaterThan(0);
});

test('when all process slots are in use, spawn gives EAGAIN', () => {
  expectStatus(0, tooManyAtOnce, {
    harts: 2,
    set: { memoryPerNode: 32 << 20 },
    options: { refsPerHart: 4096 },
  });
});

function* spinsForEver(word: number): Code {
  yield spinUntil(word, 1);
}

function* leavesThreadsBehind(): Code<number> {
  const word = yield sys('mmap', 0, 4096, 3, 0);
  yield store(word, 0);
  const entry = yield addressOf(spinsForEver);
  for (let hart = 1; hart < 4; hart += 1) yield sys('threadSpawn', entry, word, hart);
  return 0;
}

test('a process that exits with threads running says so, and they are ended', () => {
  const { output } = expectStatus(0, leavesThreadsBehind, { harts: 4 });
  expect(output).toContain('eddy: process 1 exits with 3 threads running; they are ended\n');
});

/** Its references are given out again while its parent has not waited for it. */
function* leavesAZombie(): Code {
  yield sys('spawn', yield addressOf(returns), 0, -1);
  yield sys('sleep', 100_000);
  for (let count = 0; count < 8; count += 1) yield sys('mmap', 0, 4096, 3, 0);
  yield sys('futexWait', yield sys('mmap', 0, 4096, 3, 0), 0, 0);
}

test('a process that has ended holds no memory, whoever gets its references', () => {
  const { machine, stop } = run(leavesAZombie, { harts: 1 });
  expect(stop).toEqual({ kind: 'deadlock' });
  expectInvariants(machine);
});
