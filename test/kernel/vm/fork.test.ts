/** fork: the child's memory is the parent's as it was at one instant, and then its own. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { inspectPaging } from '../../../kernel/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
const BASE = 0x40_0000;
/** Memory that is shared with the child: where it says what it has found. */
const SHARED = 0x80_0000;

function* mapAt(base: number, pages: number, flags: number): Code {
  yield* check(yield sys('mmap', base, pages * PAGE, RW | MAP.FIXED | flags, 800), base, 100);
}

/** Forks and waits for the child, which must end with status 0. */
function* forkAndWait(entry: Parameters<typeof addressOf>[0], argument: number, mark: number): Code {
  const child = yield sys('fork', yield addressOf(entry), argument, -1);
  yield* check(child > 1 ? 1 : child, 1, mark);
  yield* check(yield sys('wait', child, SHARED), child, mark);
  yield* check(yield load(SHARED), 0, mark);
}

function* childOfCopies(pages: number): Code<number> {
  for (let page = 0; page < pages; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, 21);
  for (let page = 0; page < pages; page += 2) yield store(BASE + page * PAGE, 50 + page);
  for (let page = 0; page < pages; page += 1)
    yield* check(yield load(BASE + page * PAGE), page % 2 === 0 ? 50 + page : page + 1, 22);
  // What neither has touched is zeroes, and what is shared is seen.
  yield* check(yield load(BASE + pages * PAGE), 0, 23);
  yield store(BASE + pages * PAGE, 9);
  yield store(SHARED + 64, 77);
  return 0;
}

function* copies(): Code<number> {
  const pages = 20;
  yield* mapAt(BASE, pages + 2, 0);
  yield* mapAt(SHARED, 1, MAP.SHARED);
  for (let page = 0; page < pages; page += 1) yield store(BASE + page * PAGE, page + 1);
  for (let round = 0; round < 3; round += 1) {
    yield store(SHARED + 64, 0);
    yield* forkAndWait(childOfCopies, pages, 1);
    yield* check(yield load(SHARED + 64), 77, 2);
    for (let page = 0; page < pages; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, 3);
    yield* check(yield load(BASE + pages * PAGE), 0, 4);
    // Pages of its own again, some of them taken over from what both had.
    for (let page = 0; page < pages; page += 3) yield store(BASE + page * PAGE + 4, round);
    for (let page = 0; page < pages; page += 3) yield* check(yield load(BASE + page * PAGE + 4), round, 5);
  }
  return 0;
}

function* grandchild(depth: number): Code<number> {
  for (let page = 0; page < 6; page += 1)
    yield* check(yield load(BASE + page * PAGE), page < depth ? page + 100 : page + 1, 31);
  yield store(BASE + depth * PAGE, depth + 100);
  if (depth < 5) yield* forkAndWait(grandchild, depth + 1, 32);
  for (let page = 0; page < 6; page += 1)
    yield* check(yield load(BASE + page * PAGE), page <= depth ? page + 100 : page + 1, 33);
  yield* check(yield sys('munmap', BASE + 2 * PAGE, PAGE), 0, 34);
  yield store(BASE, 1);
  return 0;
}

function* descends(): Code<number> {
  yield* mapAt(BASE, 6, 0);
  yield* mapAt(SHARED, 1, MAP.SHARED);
  for (let page = 0; page < 6; page += 1) yield store(BASE + page * PAGE, page + 1);
  yield* check(yield sys('mprotect', BASE + 3 * PAGE, PAGE, MAP.READ), 0, 1);
  yield* check(yield sys('mprotect', BASE + 3 * PAGE, PAGE, RW), 0, 2);
  yield* forkAndWait(grandchild, 0, 3);
  for (let page = 0; page < 6; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, 4);
  return 0;
}

/** Adds to two words of different pages, first one, then the other: the second is never ahead. */
function* addsInOrder(index: number): Code<number> {
  const first = BASE + 128 * index;
  for (; (yield load(SHARED + 64)) === 0; ) {
    yield fetchAndAdd(first, 1);
    yield fetchAndAdd(first + 2 * PAGE, 1);
  }
  return 0;
}

function* seesOneInstant(threads: number): Code<number> {
  for (let index = 0; index < threads; index += 1) {
    const first = yield load(BASE + 128 * index);
    const ahead = first - (yield load(BASE + 128 * index + 2 * PAGE));
    yield* check(ahead === 0 || ahead === 1 ? 0 : 1, 0, 41);
    yield store(BASE + 128 * index, 0);
    yield* check(yield load(BASE + 128 * index), 0, 42);
  }
  return 0;
}

/** Forks while others store: nothing of theirs is lost, and the child has a state that there was. */
function* forksUnderWriters(_: number, block: number): Code<number> {
  yield* mapAt(BASE, 4, 0);
  yield* mapAt(SHARED, 1, MAP.SHARED);
  yield* check(yield sys('mprotect', BASE + PAGE, PAGE, MAP.READ), 0, 1);
  const entry = yield addressOf(addsInOrder);
  const threads: number[] = [];
  for (let index = 0; index < 5; index += 1) threads.push(yield sys('threadSpawn', entry, index, -1));
  for (let index = 0; index < 5; index += 1) yield spinUntilNot(BASE + 128 * index, 0);
  for (let round = 0; round < 4; round += 1) yield* forkAndWait(seesOneInstant, 5, 2);
  yield store(SHARED + 64, 1);
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, block - 512), 0, 3);
  for (let index = 0; index < 5; index += 1)
    yield* check(yield load(BASE + 128 * index + 2 * PAGE), yield load(BASE + 128 * index), 4);
  return 0;
}

function* readsStack(word: number): Code<number> {
  yield* check(yield load(word), 4711, 51);
  yield store(word, 1);
  return 0;
}

function* privateDisk(mark: number): Code<number> {
  yield* check(yield load(BASE), 0x01010101, 61);
  yield store(BASE + PAGE, 5);
  yield* check(yield load(BASE + PAGE), 5, 62);
  return mark;
}

function* keepsDisk(_: number, block: number): Code<number> {
  yield* mapAt(SHARED, 1, MAP.SHARED);
  yield store(block - 1024, 4711);
  yield* forkAndWait(readsStack, block - 1024, 1);
  yield* check(yield load(block - 1024), 4711, 2);
  yield* mapAt(BASE, 3, MAP.DISK | MAP.PRIVATE);
  yield* check(yield load(BASE), 0x01010101, 3);
  yield store(BASE + 2 * PAGE, 6);
  yield* check(yield load(BASE + 2 * PAGE), 6, 4);
  yield* forkAndWait(privateDisk, 0, 5);
  yield* check(yield load(BASE + PAGE), 0x02020202, 6);
  return 0;
}

function* refuses(): Code<number> {
  yield* check(yield sys('fork', 0, 0, -1), ERROR.EINVAL, 1);
  yield* check(yield sys('fork', yield addressOf(readsStack), 0, 99), ERROR.EINVAL, 2);
  yield* check(yield sys('fork', yield addressOf(readsStack), 0, -2), ERROR.EINVAL, 3);
  return 0;
}

const MACHINES = [
  { preset: 'cc-numa', harts: 1 },
  { preset: 'smp', harts: 4 },
  { preset: 'cc-numa', harts: 16 },
];

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('each has its own memory from then on', () => void expectStatus(0, copies, machine));
  test('a copy of a copy of a copy', () => void expectStatus(0, descends, machine));
  test('the child sees one instant', () => {
    expectStatus(0, forksUnderWriters, { ...machine, options: { slice: 4000 } });
  });
});

test('without coherence, too', () => {
  expectStatus(0, descends, { preset: 'ncc-numa', harts: 4 });
});

test.each(['hierarchical', 'existence'])('with %s locking and parts of one hart each', (locking) => {
  const options = { locking, 'objects.fcm': 'hart', 'objects.region': 'hart', slice: 4000 };
  expectStatus(0, copies, { options });
  expectStatus(0, forksUnderWriters, { options });
});

test.each([
  { preset: 'cc-numa', harts: 1 },
  { preset: 'smp', harts: 4 },
])('copies and what they are copied from leave memory and come back: $preset, $harts harts', (machine) => {
  // Fewer frames than pages: the kernel has most of them.
  const few = [
    [copies, 38],
    [descends, 64],
    [forksUnderWriters, 42],
  ] as const;
  for (const [program, framesPerNode] of few) {
    const options = { framesPerNode, swap: 128, slice: 4000 };
    const { machine: ended } = expectStatus(0, program, { ...machine, options });
    if (program === copies) expect(inspectPaging(ended).pagesOut).toBeGreaterThan(10);
  }
});

test('stacks are copied, and a disk extent that is private is not written to', () => {
  const disk = (image: Uint8Array): void => {
    for (let page = 0; page < 3; page += 1)
      image.fill(page + 1, (800 + 8 * page) * 512, (808 + 8 * page) * 512);
  };
  const { machine } = expectStatus(0, keepsDisk, { disk });
  expect(Array.from({ length: 3 }, (_, page) => machine.disk.image[(800 + 8 * page) * 512])).toEqual([
    1, 2, 3,
  ]);
});

test('bad arguments are refused, and nothing is left behind', () => void expectStatus(0, refuses));

/** Children until there is no memory, then fewer. */
function* forksWithoutMemory(): Code<number> {
  yield* mapAt(BASE, 16, 0);
  yield* mapAt(SHARED, 1, MAP.SHARED);
  for (let page = 0; page < 16; page += 1) yield store(BASE + page * PAGE, page + 1);
  const entry = yield addressOf(waits);
  let children = 0;
  while ((yield sys('fork', entry, 0, -1)) > 0) children += 1;
  yield* check(yield sys('fork', entry, 0, -1), ERROR.ENOMEM, 1);
  for (let page = 0; page < 16; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, 2);
  return children > 2 ? 0 : 3;
}

function* waits(): Code {
  yield sys('futexWait', SHARED, 0, 0);
}

test('without memory there is no child, and the parent is as before', () => {
  expectStatus(0, forksWithoutMemory, { harts: 1, set: { memoryPerNode: 512 << 10 } });
});
