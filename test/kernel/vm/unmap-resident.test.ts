/** pageUnmap: pages leave the page table and every TLB, and stay in memory with what is in them. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, MAP } from '../../../kernel/abi/index.ts';
import { check, expectStatus, MACHINES, sys } from '../run.ts';

const PAGE = 4096;
const RW = MAP.READ | MAP.WRITE;
const BASE = 0x10_0000;
const PAGES = 70;

function* touchAll(): Code {
  for (let page = 0; page < PAGES; page += 1) yield store(BASE + page * PAGE, page + 1);
}

function* readAll(): Code {
  for (let page = 0; page < PAGES; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, 9);
}

function* unmapAndTouch(): Code<number> {
  yield* check(yield sys('mmap', BASE, PAGES * PAGE, RW | MAP.FIXED, 0), BASE, 1);
  yield* touchAll();
  yield* check(yield sys('pageUnmap', BASE, PAGES * PAGE), 0, 2);
  yield* readAll();
  yield* check(yield sys('pageUnmap', BASE + 33 * PAGE, 1), 0, 3);
  yield* check(yield sys('pageUnmap', BASE + 33 * PAGE, 1), 0, 4);
  yield* readAll();
  return 0;
}

describe.each(MACHINES)('on $preset with $harts harts', ({ preset, harts }) => {
  test.each(['objects', 'traditional'])('the next access faults, and finds the page as it was (%s)', (vm) => {
    const { machine } = expectStatus(0, unmapAndTouch, { preset, harts, options: { vm } });
    // Each page three times, but the one that was unmapped twice the third time; and the thread block.
    expect(machine.counters.total('pageFaults')).toBe(2 * PAGES + 1);
  });
});

/** Adds to its own word of every page again and again; nothing that is stored may be lost. */
function* adder(index: number): Code<number> {
  for (let round = 0; round < 6; round += 1)
    for (let page = 0; page < 20; page += 1) {
      const address = BASE + page * PAGE + 4 * index;
      yield* check(yield load(address), round, 10);
      yield store(address, round + 1);
    }
  return 0;
}

function* unmapAlong(): Code<number> {
  for (let round = 0; round < 8; round += 1)
    yield* check(yield sys('pageUnmap', BASE + (round % 3) * PAGE, 17 * PAGE), 0, 11);
  return 0;
}

function* unmapWhileOthersFault(): Code<number> {
  const harts = yield sys('hartCount');
  yield* check(yield sys('mmap', BASE, 20 * PAGE, RW | MAP.FIXED | MAP.DISK, 0), BASE, 1);
  const threads: number[] = [];
  for (let hart = 0; hart < harts; hart += 1) {
    threads.push(yield sys('threadSpawn', yield addressOf(adder), hart, hart));
    if (hart % 2 === 1) threads.push(yield sys('threadSpawn', yield addressOf(unmapAlong), 0, hart));
  }
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 2);
  yield* check(yield sys('munmap', BASE, 20 * PAGE), 0, 3);
  // What a dirty bit said that was in an entry that is gone must have come to the disk.
  yield* check(yield sys('mmap', BASE, 20 * PAGE, RW | MAP.FIXED | MAP.DISK, 0), BASE, 4);
  for (let page = 0; page < 20; page += 1)
    for (let hart = 0; hart < harts; hart += 1) yield* check(yield load(BASE + page * PAGE + 4 * hart), 6, 5);
  return 0;
}

describe.each([
  ['cc-numa', 8],
  ['smp', 4],
  ['ncc-numa', 4],
])('while others fault on the pages: %s, %i harts', (preset, harts) => {
  test.each(['objects', 'traditional'])('nothing is lost (%s)', (vm) => {
    expectStatus(0, unmapWhileOthersFault, { preset, harts, options: { vm } });
  });
});

function* badInput(): Code<number> {
  yield* check(yield sys('mmap', BASE, 2 * PAGE, RW | MAP.FIXED, 0), BASE, 1);
  yield store(BASE, 7);
  yield* check(yield sys('pageUnmap', BASE, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('pageUnmap', BASE, -1), ERROR.EINVAL, 3);
  yield* check(yield sys('pageUnmap', BASE + 4, PAGE), ERROR.EINVAL, 4);
  yield* check(yield sys('pageUnmap', 0, PAGE), ERROR.EINVAL, 5);
  yield* check(yield sys('pageUnmap', -PAGE, PAGE), ERROR.EINVAL, 6);
  yield* check(yield sys('pageUnmap', BASE, 3 * PAGE), ERROR.EFAULT, 7);
  yield* check(yield sys('pageUnmap', BASE + 2 * PAGE, PAGE), ERROR.EFAULT, 8);
  yield* check(yield sys('pageUnmap', BASE, 0x7fff_ffff), ERROR.EINVAL, 9);
  yield* check(yield sys('pageUnmap', BASE, 0x6fff_0000), ERROR.EFAULT, 10);
  yield* check(yield load(BASE), 7, 11);
  return 0;
}

test('what is no range of one region is refused, and nothing is unmapped', () => {
  const { machine } = expectStatus(0, badInput);
  expect(machine.counters.total('pageFaults')).toBe(1);
});
