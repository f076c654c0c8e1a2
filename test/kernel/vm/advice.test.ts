/** msync and madvise. */
import { describe, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { ADVICE, ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
const BASE = 0x40_0000;
const SHARED = 0x80_0000;
const BLOCK = 800;

function* mapAt(base: number, pages: number, flags: number): Code {
  yield* check(yield sys('mmap', base, pages * PAGE, RW | MAP.FIXED | flags, BLOCK), base, 100);
}

/** What the disk has of a page is seen through another mapping of it, which is then taken away. */
function* expectOnDisk(page: number, offset: number, value: number, mark: number): Code {
  const seen = yield sys('mmap', 0, PAGE, MAP.READ | MAP.DISK, BLOCK + 8 * page);
  yield* check(yield load(seen + offset), value, mark);
  yield* check(yield sys('munmap', seen, PAGE), 0, mark);
}

function* storesAgain(word: number): Code {
  for (let value = 2; value < 2000; value += 1) yield store(word, value);
}

function* childStores(word: number): Code<number> {
  yield store(word, 77);
  yield store(SHARED, 1);
  yield sys('futexWait', SHARED + 4, 0, 0);
  return 0;
}

function* syncs(): Code<number> {
  yield* mapAt(BASE, 6, MAP.DISK);
  yield* mapAt(SHARED, 1, MAP.SHARED);
  for (let page = 0; page < 6; page += 1) yield store(BASE + page * PAGE, page + 1);
  yield* check(yield sys('msync', BASE + PAGE, 2 * PAGE), 0, 1);
  yield* expectOnDisk(1, 0, 2, 2);
  yield* expectOnDisk(2, 0, 3, 3);
  yield* expectOnDisk(3, 0, 0, 4);
  // Again and again: each store makes the page dirty anew, though a TLB has had it as dirty.
  for (let round = 0; round < 4; round += 1) {
    yield store(BASE + 8, round + 10);
    yield* check(yield sys('msync', BASE, PAGE), 0, 5);
    yield* expectOnDisk(0, 8, round + 10, 6);
  }
  // So does a store of another thread, and of another process that shares the memory.
  const word = BASE + 4 * PAGE + 8;
  yield store(word, 1);
  const thread = yield sys('threadSpawn', yield addressOf(storesAgain), word, -1);
  for (let round = 0; round < 5; round += 1) yield* check(yield sys('msync', BASE, 6 * PAGE), 0, 7);
  yield* check(yield sys('threadJoin', thread, 0), 0, 8);
  yield* check(yield sys('msync', BASE, 6 * PAGE), 0, 9);
  yield* expectOnDisk(4, 8, 1999, 10);
  const child = yield sys('fork', yield addressOf(childStores), BASE + 5 * PAGE, -1);
  yield spinUntilNot(SHARED, 0);
  yield* check(yield sys('msync', BASE, 6 * PAGE), 0, 11);
  yield* expectOnDisk(5, 0, 77, 12);
  yield* check(yield sys('kill', child), 0, 13);
  yield* check(yield sys('wait', child, 0), child, 14);
  return 0;
}

function* childDrops(): Code<number> {
  yield store(BASE, 500);
  yield* check(yield sys('madvise', BASE, 3 * PAGE, ADVICE.DONTNEED), 0, 21);
  for (let page = 0; page < 3; page += 1) yield* check(yield load(BASE + page * PAGE), 0, 22);
  yield* check(yield load(BASE + 3 * PAGE), 4, 23);
  yield store(BASE + PAGE, 6);
  yield* check(yield load(BASE + PAGE), 6, 24);
  return 0;
}

function* advises(): Code<number> {
  yield* mapAt(BASE, 6, 0);
  for (let page = 0; page < 5; page += 1) yield store(BASE + page * PAGE, page + 1);
  const child = yield sys('fork', yield addressOf(childDrops), 0, -1);
  yield* mapAt(SHARED, 1, 0);
  yield* check(yield sys('wait', child, SHARED), child, 1);
  yield* check(yield load(SHARED), 0, 2);
  for (let page = 0; page < 5; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, 3);
  yield* check(yield sys('madvise', BASE + PAGE, 2 * PAGE, ADVICE.DONTNEED), 0, 4);
  for (const [page, value] of [1, 0, 0, 4, 5, 0].entries())
    yield* check(yield load(BASE + page * PAGE), value, 5);
  yield* check(yield sys('madvise', BASE, 6 * PAGE, ADVICE.WILLNEED), 0, 6);
  yield* check(yield sys('munmap', BASE, 6 * PAGE), 0, 7);
  // Private, of the disk: what the disk has.
  yield* mapAt(BASE, 3, MAP.DISK | MAP.PRIVATE);
  yield store(BASE + PAGE, 9);
  yield* check(yield sys('madvise', BASE, 3 * PAGE, ADVICE.DONTNEED), 0, 8);
  yield* check(yield load(BASE + PAGE), 0, 9);
  yield store(BASE + PAGE, 10);
  yield* check(yield sys('msync', BASE, 3 * PAGE), 0, 10);
  yield* expectOnDisk(1, 0, 0, 11);
  return 0;
}

/** Others count in the pages beside those that are dropped. */
function* counts(word: number): Code<number> {
  for (let round = 0; round < 300; round += 1) yield fetchAndAdd(word, 1);
  return 0;
}

function* dropsBesideOthers(): Code<number> {
  yield* mapAt(BASE, 5, 0);
  const threads: number[] = [];
  for (const page of [0, 2, 4])
    threads.push(yield sys('threadSpawn', yield addressOf(counts), BASE + page * PAGE, -1));
  for (let round = 0; round < 6; round += 1) {
    yield store(BASE + PAGE, round + 1);
    yield* check(yield sys('madvise', BASE + PAGE, PAGE, ADVICE.DONTNEED), 0, 1);
    yield* check(yield load(BASE + PAGE), 0, 2);
  }
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 3);
  for (const page of [0, 2, 4]) yield* check(yield load(BASE + page * PAGE), 300, 4);
  return 0;
}

function* refuses(): Code<number> {
  yield* mapAt(BASE, 2, 0);
  yield* check(yield sys('msync', BASE + 4, PAGE), ERROR.EINVAL, 1);
  yield* check(yield sys('msync', BASE, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('msync', BASE, -1), ERROR.EINVAL, 3);
  yield* check(yield sys('msync', BASE, 3 * PAGE), ERROR.EFAULT, 4);
  yield* check(yield sys('madvise', BASE, PAGE, 7), ERROR.EINVAL, 5);
  yield* check(yield sys('madvise', BASE, PAGE, -1), ERROR.EINVAL, 6);
  yield* check(yield sys('madvise', BASE, 3 * PAGE, ADVICE.WILLNEED), ERROR.EFAULT, 7);
  yield* check(yield sys('madvise', BASE, 3 * PAGE, ADVICE.DONTNEED), ERROR.EFAULT, 8);
  yield* check(yield sys('madvise', -PAGE, PAGE, ADVICE.DONTNEED), ERROR.EINVAL, 9);
  return 0;
}

describe.each([
  { preset: 'cc-numa', harts: 1 },
  { preset: 'smp', harts: 4 },
])('on $preset with $harts harts', (machine) => {
  test('msync writes back what anybody has stored', () => void expectStatus(0, syncs, machine));
  test('pages are brought in, or are as at first', () => void expectStatus(0, advises, machine));
  test('others are not disturbed', () => void expectStatus(0, dropsBesideOthers, machine));
});

test('bad ranges and advice are refused', () => void expectStatus(0, refuses));
