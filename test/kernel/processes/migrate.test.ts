/** Processes migrate between nodes; not while one of their regions is in use. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store, work } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { ERROR, MAP } from '../../../kernel/abi/index.ts';
import { bootKernel, checkInvariants } from '../../../kernel/index.ts';
import { pagesOf } from '../../../kernel/inspect/pages.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { effort } from '../../hw/effort.ts';
import { SlicesArbiter } from '../objects/slices.ts';
import { check, expectStatus, sys } from '../run.ts';

const PAGE = 4096;
const RW = MAP.READ | MAP.WRITE;
const SHARED = 0x10_0000;
const STOP = SHARED;
const SEEN = SHARED + 256;

/** Notes on which node it is until it is told to stop; gives how often it found itself on another one. */
function* wanderer(index: number): Code<number> {
  let moves = 0;
  let before = yield sys('currentNode');
  while ((yield load(STOP)) === 0) {
    const node = yield sys('currentNode');
    if (node !== before) moves += 1;
    before = node;
    yield store(SEEN + 64 * index, node + 1);
    yield work(200);
  }
  return moves;
}

/** Moves itself and three other threads round all nodes. */
function* roundTheNodes(): Code<number> {
  yield sys('mmap', SHARED, PAGE, RW | MAP.FIXED, 0);
  yield store(STOP, 0);
  const threads: number[] = [];
  for (let index = 0; index < 3; index += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(wanderer), index, index));
  const me = yield sys('currentProcess');
  for (const node of [3, 1, 2, 0]) {
    let result = yield sys('migrate', me, node);
    while (result === ERROR.EBUSY) result = yield sys('migrate', me, node);
    yield* check(result, 0, 1);
    yield* check(yield sys('currentNode'), node, 2);
    // The others follow when they are next in the kernel.
    for (let index = 0; index < 3; index += 1)
      while ((yield load(SEEN + 64 * index)) !== node + 1) yield sys('sleep', 1000);
  }
  yield store(STOP, 1);
  for (const thread of threads) {
    yield* check(yield sys('threadJoin', thread, SEEN + 512), 0, 3);
    yield* check((yield load(SEEN + 512)) >= 3 ? 1 : 0, 1, 4);
  }
  return 0;
}

describe('all threads of a process follow it to a node', () => {
  test.each([
    ['cc-numa', 16],
    ['cc-numa', 4],
    ['ncc-numa', 8],
  ])('%s, %i harts on 4 nodes', (preset, harts) => {
    expectStatus(0, roundTheNodes, { preset, harts, nodes: 4 });
  });
});

/** Frames that are brought in after the move come from the new node. */
function* touchesAfterMoving(): Code<number> {
  yield sys('mmap', SHARED, 64 * PAGE, RW | MAP.FIXED, 0);
  yield store(SHARED, 1);
  yield* check(yield sys('migrate', yield sys('currentProcess'), 1), 0, 1);
  for (let page = 1; page < 64; page += 1) yield store(SHARED + page * PAGE, 1);
  yield sys('futexWait', SHARED, 1, 0);
  return 0;
}

test('what a process needs after the move comes from its new node', () => {
  const machine = new Machine(presetConfig('cc-numa', { harts: 8, nodes: 2 }));
  bootKernel(machine, { entry: touchesAfterMoving });
  machine.run();
  const reader = new Reader(machine);
  const [process = 0] = reader.processes();
  const nodeOf = (frame: number): number => Math.floor(frame / machine.config.memoryPerNode);
  const pages = pagesOf(reader, process).filter(({ user }) => user >= SHARED && user < SHARED + 64 * PAGE);
  expect(pages.map(({ frame }) => nodeOf(frame))).toEqual([0, ...Array.from({ length: 63 }, () => 1)]);
});

/** A thread that brings a page in from the disk, and one that wants to move the process meanwhile. */
function* readsDisk(): Code<number> {
  yield load(0x20_0000);
  return 0;
}

function* movesMeanwhile(): Code<number> {
  yield sys('mmap', 0x20_0000, PAGE, RW | MAP.FIXED | MAP.DISK, 0);
  const me = yield sys('currentProcess');
  const reader = yield sys('threadSpawn', yield addressOf(readsDisk), 0, 1);
  let busy = 0;
  for (let turn = 0; turn < 160; turn += 1) {
    const result = yield sys('migrate', me, 0);
    yield* check(result === 0 || result === ERROR.EBUSY ? 1 : 0, 1, 1);
    if (result === ERROR.EBUSY) busy += 1;
    yield work(200);
  }
  yield* check(busy > 3 ? 1 : 0, 1, 2);
  yield* check(yield sys('threadJoin', reader, 0), 0, 3);
  // Nobody is inside any more.
  yield* check(yield sys('migrate', me, 1), 0, 4);
  yield* check(yield sys('currentNode'), 1, 5);
  return 0;
}

test('a process cannot be moved while one of its regions is in use, and can be afterwards', () => {
  expectStatus(0, movesMeanwhile, { harts: 4, nodes: 2 });
});

function* sleeper(): Code<number> {
  for (;;) yield sys('sleep', 100_000);
}

function* whoMay(): Code<number> {
  const me = yield sys('currentProcess');
  yield* check(yield sys('migrate', me, -1), ERROR.EINVAL, 1);
  yield* check(yield sys('migrate', me, 2), ERROR.EINVAL, 2);
  yield* check(yield sys('migrate', 77, 0), ERROR.ESRCH, 3);
  yield* check(yield sys('migrate', 0, 0), ERROR.ESRCH, 4);
  const child = yield sys('spawn', yield addressOf(sleeper), 0, 1);
  yield sys('sleep', 50_000);
  yield* check(yield sys('migrate', child, 1), 0, 5);
  const denied = yield sys('spawn', yield addressOf(movesItsParent), me, 0);
  yield* check(yield sys('wait', denied, 0), denied, 6);
  yield* check(yield sys('kill', child), 0, 7);
  while ((yield sys('migrate', child, 0)) !== ERROR.ESRCH) yield sys('sleep', 5000);
  yield* check(yield sys('wait', child, 0), child, 8);
  return 0;
}

function* movesItsParent(parent: number): Code<number> {
  yield* check(yield sys('migrate', parent, 0), ERROR.EPERM, 9);
  return 0;
}

test('a process may move itself and its descendants, to a node that there is', () => {
  expectStatus(0, whoMay, { harts: 4, nodes: 2 });
});

/** Threads that fault, map, sleep, spin and end while the process is moved to and fro. */
function* busyThread(seed: number): Code<number> {
  for (let round = 0; round < 6; round += 1) {
    const base = yield sys('mmap', 0, 2 * PAGE, RW, 0);
    yield* check(base > 0 ? 1 : 0, 1, 30);
    yield store(base, seed + round);
    if (round % 3 === seed % 3) yield sys('sleep', 700);
    else if (round % 3 === 1) yield sys('yield');
    yield* check(yield load(base), seed + round, 31);
    yield* check(yield sys('munmap', base, 2 * PAGE), 0, 32);
  }
  return seed;
}

function* movingAbout(): Code<number> {
  const harts = yield sys('hartCount');
  const me = yield sys('currentProcess');
  const threads: number[] = [];
  for (let index = 0; index < harts; index += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(busyThread), index, index));
  for (let round = 0; round < 10; round += 1) {
    const result = yield sys('migrate', me, round & 1);
    yield* check(result === 0 || result === ERROR.EBUSY ? 1 : 0, 1, 1);
    yield sys('sleep', 900);
  }
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 2);
  return 0;
}

test('in schedules in which a hart stands still in the midst of anything', () => {
  fc.assert(
    fc.property(fc.nat(9999), fc.constantFrom(2, 4, 6), fc.constantFrom(0, 4), (seed, harts, storeBuffer) => {
      const set = { memoryPerNode: 4 << 20, storeBuffer };
      const machine = new Machine(presetConfig('cc-numa', { harts, nodes: 2, seed, set }));
      bootKernel(machine, { entry: movingAbout, options: { slice: 2000 } });
      const stop = machine.runArbitrated(new SlicesArbiter(seed), 6_000_000);
      expect(stop, machine.console.text()).toEqual({ kind: 'halted', status: 0 });
      expect(checkInvariants(machine).filter(({ ok }) => !ok)).toEqual([]);
    }),
    effort(10),
  );
});
