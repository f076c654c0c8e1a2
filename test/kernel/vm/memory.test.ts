import { describe, expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { check, expectStatus, MACHINES, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;

function* maps(): Code<number> {
  const base = yield sys('mmap', 0, 20 * PAGE, RW, 0);
  for (let page = 0; page < 20; page += 1) yield* check(yield load(base + page * PAGE + 8), 0, 1);
  for (let page = 0; page < 20; page += 1) yield store(base + page * PAGE + 8, page + 1);
  for (let page = 0; page < 20; page += 1) yield* check(yield load(base + page * PAGE + 8), page + 1, 2);
  yield* check(yield sys('munmap', base + 8, 20 * PAGE), ERROR.EINVAL, 3);
  yield* check(yield sys('munmap', base, -1), ERROR.EINVAL, 4);
  yield* check(yield sys('munmap', base, 20 * PAGE), 0, 5);
  yield* check(yield sys('munmap', base, 20 * PAGE), ERROR.EINVAL, 6);
  // The frames come back zeroed.
  const again = yield sys('mmap', 0, 20 * PAGE, RW, 0);
  for (let page = 0; page < 20; page += 1) yield* check(yield load(again + page * PAGE + 8), 0, 7);
  // Not unmapped: the end of the process does it.
  return 0;
}

function* choosesAddresses(): Code<number> {
  yield* check(yield sys('mmap', 0, 0, RW, 0), ERROR.EINVAL, 1);
  yield* check(yield sys('mmap', 0, -1, RW, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('mmap', 0, PAGE, 0, 0), ERROR.EINVAL, 3);
  yield* check(yield sys('mmap', 0, PAGE, RW | 1024, 0), ERROR.EINVAL, 4);
  yield* check(yield sys('mmap', 0x123, PAGE, RW | MAP.FIXED, 0), ERROR.EINVAL, 5);
  yield* check(yield sys('mmap', 0, PAGE, RW | MAP.FIXED, 0), ERROR.EINVAL, 6);
  yield* check(yield sys('mmap', LIMIT.USER_END, PAGE, RW | MAP.FIXED, 0), ERROR.EINVAL, 7);
  yield* check(yield sys('mmap', 0, 0x7fffffff, RW, 0), ERROR.ENOMEM, 8);
  yield* check(yield sys('mmap', 0x40_0000, PAGE, RW | MAP.FIXED, 0), 0x40_0000, 9);
  yield* check(yield sys('mmap', 0x40_0000, PAGE, RW | MAP.FIXED, 0), ERROR.EINVAL, 10);
  const moved = yield sys('mmap', 0x40_0000, PAGE, RW, 0);
  yield* check(moved > 0 && moved !== 0x40_0000 ? 1 : 0, 1, 11);
  yield* check(yield sys('mmap', 0x50_0000, 1, RW, 0), 0x50_0000, 12);
  // A big hole costs nothing until it is touched.
  const big = yield sys('mmap', 0, 0x4000_0000, RW, 0);
  yield store(big + 0x3fff_f000, 5);
  yield* check(yield load(big + 0x3fff_f000), 5, 13);
  yield* check(yield sys('munmap', big, 0x4000_0000), 0, 14);
  return 0;
}

function* readsAndWritesDisk(): Code<number> {
  yield* check(yield sys('mmap', 0, PAGE, RW | MAP.DISK, -1), ERROR.EINVAL, 1);
  yield* check(yield sys('mmap', 0, PAGE, RW | MAP.DISK, 0x7fffffff), ERROR.EINVAL, 2);
  yield* check(yield sys('mmap', 0, PAGE, RW | MAP.DISK, 32_761), ERROR.EINVAL, 3);
  const base = yield sys('mmap', 0, 3 * PAGE, RW | MAP.DISK, 16);
  yield* check(yield load(base), 0x04030201, 4);
  yield* check(yield load(base + 2 * PAGE), 0x0d0c0b0a, 5);
  yield store(base + PAGE, 0x11223344);
  yield* check(yield sys('munmap', base, 3 * PAGE), 0, 6);
  const again = yield sys('mmap', 0, 3 * PAGE, MAP.READ | MAP.DISK, 16);
  yield* check(yield load(again + PAGE), 0x11223344, 7);
  return 0;
}

const fillDisk = (image: Uint8Array): void => {
  image.set([1, 2, 3, 4], 16 * 512);
  image.set([10, 11, 12, 13], 32 * 512);
};

const SHARED_PAGES = 6;

/** Every thread touches every page, so that several want the same page at once. */
function* touchesAll(base: number): Code<number> {
  let sum = 0;
  for (let page = 0; page < SHARED_PAGES; page += 1) {
    sum += yield load(base + page * PAGE);
    yield fetchAndAdd(base + page * PAGE + 64, 1);
  }
  return sum;
}

function* sharePages(flags: number, block: number): Code<number> {
  const base = yield sys('mmap', 0, SHARED_PAGES * PAGE, flags, 64);
  const threads: number[] = [];
  for (let count = 0; count < 8; count += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(touchesAll), base, -1));
  for (const thread of threads) {
    yield sys('threadJoin', thread, block - 512);
    yield* check(yield load(block - 512), (flags & MAP.DISK) === 0 ? 0 : 21, 1);
  }
  for (let page = 0; page < SHARED_PAGES; page += 1) yield* check(yield load(base + page * PAGE + 64), 8, 2);
  return 0;
}

function* sharesAnonymous(_: number, block: number): Code<number> {
  return yield* sharePages(RW, block);
}

function* sharesDisk(_: number, block: number): Code<number> {
  return yield* sharePages(RW | MAP.DISK, block);
}

const numberPages = (image: Uint8Array): void => {
  for (let page = 0; page < SHARED_PAGES; page += 1) image[(64 + 8 * page) * 512] = page + 1;
};

/** Keeps reading a page that is unmapped under it: it must end by a fault, never read what is not its own. */
function* readsOn(page: number): Code<number> {
  yield store(page + 4, 1);
  for (;;) if ((yield load(page)) !== 7) return 3;
}

function* unmapsUnderReader(): Code<number> {
  const page = yield sys('mmap', 0, PAGE, RW, 0);
  yield store(page, 7);
  yield sys('threadSpawn', yield addressOf(readsOn), page, -1);
  yield spinUntilNot(page + 4, 0);
  yield sys('munmap', page, PAGE);
  // The frame is taken again at once and filled with something else.
  for (let round = 0; round < 4; round += 1)
    yield store(yield sys('mmap', 0x100_0000 + round * PAGE, PAGE, RW | MAP.FIXED, 0), 9);
  yield sys('sleep', 100_000);
  return 1;
}

function* waitsForDisk(base: number): Code<number> {
  for (let page = 0; page < 64; page += 1) yield load(base + page * PAGE);
  return 3;
}

/** Unmaps while others wait for the disk in the region: their faults end first, their next loads fault. */
function* unmapsUnderFaults(): Code<number> {
  const base = yield sys('mmap', 0, 64 * PAGE, RW | MAP.DISK, 64);
  for (let count = 0; count < 4; count += 1)
    yield sys('threadSpawn', yield addressOf(waitsForDisk), base, -1);
  yield sys('sleep', 20_000);
  yield* check(yield sys('munmap', base, 64 * PAGE), 0, 1);
  yield sys('sleep', 1_000_000);
  return 2;
}

function* unmapsWildly(base: number): Code {
  for (let round = 0; round < 12; round += 1) {
    const page = yield sys('mmap', 0, 2 * PAGE, RW, base);
    yield store(page, round);
    yield store(page + PAGE, round);
    if ((yield load(page)) + (yield load(page + PAGE)) !== 2 * round) yield sys('exit', 2);
    yield sys('munmap', page, 2 * PAGE);
  }
}

/** Initiators of shootdowns on all harts at once, each of them a target of the others. */
function* shootsFromEverywhere(): Code<number> {
  const threads: number[] = [];
  for (let count = 0; count < 10; count += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(unmapsWildly), 0, -1));
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 1);
  return 0;
}

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('anonymous pages begin as zeroes and keep what is written', () => {
    expectStatus(0, maps, machine);
  });
  test('mmap takes, moves or refuses addresses', () => {
    expectStatus(0, choosesAddresses, machine);
  });
  test('a disk extent is read in on demand and written back', () => {
    const { machine: ended } = expectStatus(0, readsAndWritesDisk, { ...machine, disk: fillDisk });
    expect(Array.from(ended.disk.image.subarray(24 * 512, 24 * 512 + 4))).toEqual([0x44, 0x33, 0x22, 0x11]);
  });
  test('threads that fault on the same anonymous pages at once share them', () => {
    expectStatus(0, sharesAnonymous, machine);
  });
  test('threads that fault on the same disk pages at once share them', () => {
    expectStatus(0, sharesDisk, { ...machine, disk: numberPages });
  });
  test('after munmap no hart reads the frame any more', () => {
    const { output } = expectStatus(-13, unmapsUnderReader, machine);
    expect(output).toContain('ended by loadPageFault at load of 0x00010000');
  });
  test('munmap waits for the faults that are under way in the region', () => {
    expectStatus(-13, unmapsUnderFaults, { ...machine, disk: numberPages });
  });
  test('shootdowns from all harts at once end', () => {
    for (const seed of [1, 2])
      expectStatus(0, shootsFromEverywhere, { ...machine, seed, options: { slice: 3000 } });
  });
});
