/** munmap and mprotect of any range: regions are cut, while other harts fault on what stays. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
const BASE = 0x40_0000;

/** Maps pages at BASE, each of which holds its number. */
function* numbered(pages: number, flags = 0): Code {
  yield* check(yield sys('mmap', BASE, pages * PAGE, RW | MAP.FIXED | flags, 800), BASE, 100);
  for (let page = 0; page < pages; page += 1) yield store(BASE + page * PAGE, page + 1);
}

function* expectPages(first: number, end: number, mark: number): Code {
  for (let page = first; page < end; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, mark);
}

function* cuts(): Code<number> {
  yield* numbered(20);
  yield* check(yield sys('munmap', BASE + 8 * PAGE, 2 * PAGE), 0, 1);
  yield* expectPages(0, 8, 2);
  yield* expectPages(10, 20, 3);
  yield* check(yield sys('munmap', BASE, 3 * PAGE), 0, 4);
  yield* check(yield sys('munmap', BASE + 17 * PAGE, 100 * PAGE), 0, 5);
  yield* expectPages(3, 8, 6);
  yield* expectPages(10, 17, 7);
  // What was unmapped can be mapped again, as zeroes.
  yield* check(yield sys('mmap', BASE + 8 * PAGE, 2 * PAGE, RW | MAP.FIXED, 0), BASE + 8 * PAGE, 8);
  yield* check(yield load(BASE + 8 * PAGE), 0, 9);
  // Three regions at once, one of them in part.
  yield* check(yield sys('munmap', BASE + 5 * PAGE, 10 * PAGE), 0, 10);
  yield* expectPages(3, 5, 11);
  yield* expectPages(15, 17, 12);
  yield* check(yield sys('munmap', BASE + 5 * PAGE, 10 * PAGE), ERROR.EINVAL, 13);
  return 0;
}

function* protects(): Code<number> {
  yield* numbered(9);
  yield* check(yield sys('mprotect', BASE + 3 * PAGE, 3 * PAGE, MAP.READ), 0, 1);
  yield* expectPages(0, 9, 2);
  for (const page of [0, 2, 6, 8]) yield store(BASE + page * PAGE + 4, 7);
  yield* check(yield sys('mprotect', BASE + 2 * PAGE, 5 * PAGE, RW), 0, 3);
  for (const page of [2, 3, 5, 6]) yield store(BASE + page * PAGE + 4, page);
  for (const page of [2, 3, 5, 6]) yield* check(yield load(BASE + page * PAGE + 4), page, 4);
  yield* check(yield sys('mprotect', BASE, 9 * PAGE, 0), 0, 5);
  yield* check(yield sys('consoleWrite', BASE, 4), ERROR.EFAULT, 6);
  yield* check(yield sys('mprotect', BASE, 9 * PAGE, MAP.READ), 0, 7);
  yield* expectPages(0, 9, 8);
  yield* check(yield sys('wait', 77, BASE), ERROR.EFAULT, 9);
  return 0;
}

function* refuses(_: number, block: number): Code<number> {
  yield* numbered(4);
  const bad = [
    [BASE + 4, PAGE],
    [BASE, 0],
    [BASE, -1],
    [0, PAGE],
    [LIMIT.USER_END - PAGE, 2 * PAGE],
    [-PAGE, PAGE],
    [-0x8000_0000, PAGE],
  ] as const;
  for (const [address, length] of bad) {
    yield* check(yield sys('munmap', address, length), ERROR.EINVAL, 1);
    yield* check(yield sys('mprotect', address, length, RW), ERROR.EINVAL, 2);
  }
  yield* check(yield sys('mprotect', BASE, PAGE, 4), ERROR.EINVAL, 3);
  yield* check(yield sys('mprotect', BASE, PAGE, -1), ERROR.EINVAL, 4);
  yield* check(yield sys('mprotect', BASE + PAGE, 4 * PAGE, MAP.READ), ERROR.EFAULT, 5);
  yield* check(yield sys('munmap', BASE + PAGE, PAGE), 0, 6);
  yield* check(yield sys('mprotect', BASE, 3 * PAGE, MAP.READ), ERROR.EFAULT, 7);
  yield store(BASE, 5);
  // The stack is the kernel's to unmap.
  const stack = block & -PAGE;
  yield* check(yield sys('munmap', stack, PAGE), ERROR.EINVAL, 8);
  yield* check(yield sys('mprotect', stack, PAGE, MAP.READ), ERROR.EINVAL, 9);
  yield* check(yield sys('mmap', 0, PAGE, RW | MAP.SHARED | MAP.PRIVATE, 0), ERROR.EINVAL, 10);
  return 0;
}

/** Counts in one page of each pair, on and on, until told to stop. */
function* counts(index: number): Code<number> {
  const word = BASE + index * 2 * PAGE + 64;
  let rounds = 0;
  for (; (yield load(BASE + 2044)) === 0; rounds += 1) yield fetchAndAdd(word, 1);
  return rounds;
}

/** The other page of each pair is protected and unmapped meanwhile, so that the region of the counters is cut and cut. */
function* cutsUnderFaults(_: number, block: number): Code<number> {
  yield* numbered(16);
  const threads: number[] = [];
  const entry = yield addressOf(counts);
  for (let index = 0; index < 8; index += 1) threads.push(yield sys('threadSpawn', entry, index, -1));
  for (let index = 0; index < 8; index += 1) yield spinUntilNot(BASE + index * 2 * PAGE + 64, 0);
  for (let round = 0; round < 2; round += 1)
    for (let page = 1; page < 16; page += 2)
      yield* check(yield sys('mprotect', BASE + page * PAGE, PAGE, round === 0 ? MAP.READ : RW), 0, 1);
  for (let page = 1; page < 16; page += 4) yield* check(yield sys('munmap', BASE + page * PAGE, PAGE), 0, 2);
  yield* check(yield sys('mprotect', BASE + 2 * PAGE, 3 * PAGE, RW), 0, 3);
  yield store(BASE + 2044, 1);
  for (const [index, thread] of threads.entries()) {
    yield* check(yield sys('threadJoin', thread, block - 512), 0, 4);
    yield* check(yield load(BASE + index * 2 * PAGE + 64), yield load(block - 512), 5);
  }
  return 0;
}

function* writesReadOnly(): Code<number> {
  yield* numbered(3);
  yield* check(yield sys('mprotect', BASE + PAGE, PAGE, MAP.READ), 0, 1);
  yield store(BASE + PAGE + 4, 1);
  return 2;
}

/** Stores on, until its page becomes read-only. */
function* storesOn(word: number): Code {
  for (;;) yield fetchAndAdd(word, 1);
}

function* protectsUnderWriter(): Code<number> {
  yield* numbered(3);
  yield sys('threadSpawn', yield addressOf(storesOn), BASE + PAGE + 64, -1);
  yield spinUntilNot(BASE + PAGE + 64, 0);
  yield sys('mprotect', BASE + PAGE, PAGE, MAP.READ);
  yield sys('sleep', 100_000);
  return 1;
}

function* cutsDisk(): Code<number> {
  yield* numbered(4, MAP.DISK);
  yield* check(yield sys('munmap', BASE + PAGE, PAGE), 0, 1);
  const again = yield sys('mmap', 0, PAGE, MAP.READ | MAP.DISK, 808);
  yield* check(yield load(again), 2, 2);
  yield store(BASE + 2 * PAGE, 33);
  yield* check(yield sys('mprotect', BASE, PAGE, MAP.READ), 0, 3);
  return 0;
}

const SOME_MACHINES = [
  { preset: 'cc-numa', harts: 1 },
  { preset: 'smp', harts: 4 },
  { preset: 'cc-numa', harts: 16 },
];

describe.each(SOME_MACHINES)('on $preset with $harts harts', (machine) => {
  test('any range can be unmapped', () => void expectStatus(0, cuts, machine));
  test('rights can be lowered and raised, of any range', () => void expectStatus(0, protects, machine));
  test('others go on in what stays mapped', () => {
    expectStatus(0, cutsUnderFaults, { ...machine, options: { slice: 4000 } });
  });
});

test('bad ranges and rights are refused', () => void expectStatus(0, refuses));

test('a store to memory that has become read-only ends the process', () => {
  expect(expectStatus(-15, writesReadOnly).output).toContain(
    'ended by storePageFault at store of 0x00401004',
  );
  for (const seed of [1, 2, 3]) expectStatus(-15, protectsUnderWriter, { seed });
});

test('what is unmapped of a disk extent is on the disk, and the rest follows', () => {
  const { machine } = expectStatus(0, cutsDisk);
  const words = [0, 1, 2, 3].map((page) => machine.disk.image[(800 + 8 * page) * 512]);
  expect(words).toEqual([1, 2, 33, 4]);
});

test('with hierarchical locking, too', () => {
  for (const program of [cuts, protects, cutsUnderFaults])
    expectStatus(0, program, { harts: 4, options: { locking: 'hierarchical', slice: 4000 } });
});

/** Takes memory until there is none, then cuts: it is done as a whole or not at all. */
function* cutsWithoutMemory(): Code<number> {
  yield* numbered(12);
  const hoard = yield sys('mmap', 0, 0x10_0000, RW, 0);
  // The last frames go to kernel objects: regions of a page each.
  let count = 0;
  for (; (yield sys('mmap', 0, PAGE, RW, 0)) > 0; count += 1);
  let refused = 0;
  for (let page = 1; page < 11; page += 2)
    if ((yield sys('mprotect', BASE + page * PAGE, PAGE, MAP.READ)) === ERROR.ENOMEM) refused += 1;
  yield* expectPages(0, 12, 1);
  yield* check(yield sys('munmap', BASE + 4 * PAGE, PAGE), ERROR.ENOMEM, 2);
  yield* expectPages(0, 12, 3);
  yield* check(yield sys('munmap', hoard, 0x10_0000), 0, 4);
  return refused > 0 && count > 10 ? 0 : 5;
}

test('without memory a region is not cut, and nothing is lost', () => {
  expectStatus(0, cutsWithoutMemory, { harts: 1, set: { memoryPerNode: 512 << 10 } });
});
