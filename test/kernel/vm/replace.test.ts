/** Regions and their FCMs are replaced while harts fault on them, and nobody notices but by the clock. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { ERROR, MAP } from '../../../kernel/abi/index.ts';
import { bootKernel, checkInvariants } from '../../../kernel/index.ts';
import { fcmsOf } from '../../../kernel/inspect/pages.ts';
import { repsOfRoot, slotsOf } from '../../../kernel/inspect/objects.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { FCM } from '../../../kernel/vm/fcm-layout.ts';
import { Mediator } from '../../../kernel/objects/mediator.ts';
import { LINK } from '../../../kernel/vm/region-list.ts';
import { effort } from '../../hw/effort.ts';
import { SlicesArbiter } from '../objects/slices.ts';
import { check, expectStatus, sys } from '../run.ts';

afterEach(() => void vi.restoreAllMocks());

const PAGE = 4096;
const PAGES = 40;
const RW = MAP.READ | MAP.WRITE;
const BASE = 0x10_0000;
const SHARED = 0x80_0000;

/** Touches every page of the region from one of them on; each must hold what was stored in it, or nothing yet. */
function* toucher(from: number): Code<number> {
  for (let step = 0; step < PAGES; step += 1) {
    const page = (from + 7 * step) % PAGES;
    const seen = yield load(BASE + page * PAGE);
    yield* check(seen === 0 || seen === page + 1 ? 1 : 0, 1, 10);
    yield store(BASE + page * PAGE, page + 1);
  }
  return 0;
}

/** Replaces the region again and again, by all degrees that there are. */
function* replacer(rounds: number): Code<number> {
  const harts = yield sys('hartCount');
  let begun = 0;
  for (let round = 0; round < rounds; round += 1) {
    const result = yield sys('regionReplace', BASE + 3, (round % harts) + 1);
    yield* check(result === 0 || result === ERROR.EBUSY ? 1 : 0, 1, 20);
    if (result === 0) begun += 1;
    yield sys('sleep', 3000);
  }
  yield* check(begun > 0 ? 1 : 0, 1, 21);
  return 0;
}

function* everybodyFaults(): Code<number> {
  const harts = yield sys('hartCount');
  yield sys('mmap', BASE, PAGES * PAGE, RW | MAP.FIXED, 0);
  const threads: number[] = [];
  for (let hart = 1; hart < harts; hart += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(toucher), 5 * hart, hart));
  threads.push(yield sys('threadSpawn', yield addressOf(replacer), 12, 0));
  yield* toucher(0);
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 1);
  for (let page = 0; page < PAGES; page += 1) yield* check(yield load(BASE + page * PAGE), page + 1, 2);
  yield* check(yield sys('munmap', BASE, PAGES * PAGE), 0, 3);
  yield* check(yield sys('regionReplace', BASE, 1), ERROR.EFAULT, 4);
  return 0;
}

describe('a region is replaced while all harts fault on it', () => {
  test.each([
    ['smp', 2],
    ['smp', 4],
    ['cc-numa', 8],
    ['cc-numa', 16],
    ['ncc-numa', 4],
  ])('%s, %i harts', (preset, harts) => {
    expectStatus(0, everybodyFaults, { preset, harts });
  });

  test('with hierarchical locking', () => {
    expectStatus(0, everybodyFaults, { harts: 4, options: { locking: 'hierarchical' } });
  });

  test('in schedules in which a hart stands still in the midst of anything', () => {
    fc.assert(
      fc.property(
        fc.nat(9999),
        fc.constantFrom(2, 3, 5),
        fc.constantFrom(0, 4),
        fc.constantFrom('shared', 'group:2', 'hart'),
        (seed, harts, storeBuffer, degree) => {
          const set = { memoryPerNode: 4 << 20, storeBuffer };
          const machine = new Machine(presetConfig('smp', { harts, seed, set }));
          bootKernel(machine, {
            entry: everybodyFaults,
            options: { 'objects.region': degree, 'objects.fcm': degree },
          });
          const stop = machine.runArbitrated(new SlicesArbiter(seed), 6_000_000);
          expect(stop, machine.console.text()).toEqual({ kind: 'halted', status: 0 });
          expect(checkInvariants(machine).filter(({ ok }) => !ok)).toEqual([]);
        },
      ),
      effort(8),
    );
  });
});

/** Representatives of the regions of the first process, by address, and parts of their FCMs. */
function shapesOf(machine: Machine) {
  const reader = new Reader(machine);
  const [process] = reader.processes();
  const shapes = new Map<
    number,
    { readonly clusters: number; readonly parts: number; readonly fcms: number }
  >();
  if (process === undefined) return shapes;
  for (const link of reader.links(process)) {
    const root = reader.rootOf(reader.word(link + LINK.region));
    const [region] = root === 0 ? [] : repsOfRoot(reader, root);
    if (region === undefined) continue;
    const fcms = fcmsOf(reader, region);
    shapes.set(reader.word(link + LINK.base), {
      clusters: slotsOf(reader, root).length,
      parts: fcms[0] === undefined ? 0 : reader.word(fcms[0] + FCM.parts),
      fcms: fcms.length,
    });
  }
  return shapes;
}

function* touchesAlone(harts: number): Code<number> {
  yield sys('mmap', BASE, PAGES * PAGE, RW | MAP.FIXED, 0);
  for (let page = 0; page < PAGES; page += 1) yield store(BASE + page * PAGE, page);
  yield* check(yield sys('regionReplace', BASE, harts), 0, 1);
  yield sys('yield');
  for (let page = 0; page < PAGES; page += 1) yield* check(yield load(BASE + page * PAGE), page, 2);
  yield sys('futexWait', BASE, 0, 0);
  return 0;
}

test.each([
  [1, 8],
  [2, 4],
  [8, 1],
])('with a representative for every %i of 8 harts there are %i, and as many parts', (each, clusters) => {
  const machine = new Machine(presetConfig('cc-numa', { harts: 8 }));
  bootKernel(machine, { entry: () => touchesAlone(each) });
  machine.run();
  expect(shapesOf(machine).get(BASE)).toEqual({ clusters, parts: clusters, fcms: clusters });
});

function* wrongArguments(): Code<number> {
  const harts = yield sys('hartCount');
  yield sys('mmap', BASE, PAGE, RW | MAP.FIXED, 0);
  yield* check(yield sys('regionReplace', BASE, harts + 1), ERROR.EINVAL, 1);
  yield* check(yield sys('regionReplace', BASE, -1), ERROR.EINVAL, 2);
  yield* check(yield sys('regionReplace', BASE + PAGE, 1), ERROR.EFAULT, 3);
  yield* check(yield sys('regionReplace', -4, 1), ERROR.EFAULT, 4);
  yield* check(yield sys('regionReplace', 0, 0), ERROR.EFAULT, 5);
  yield* check(yield sys('regionReplace', BASE, 0), 0, 6);
  return 0;
}

test('what cannot be replaced is an error', () => {
  expectStatus(0, wrongArguments);
});

/** Every hart faults on the same region in turn: the pattern that the policy spreads. */
function* turns(pages: number): Code<number> {
  const harts = yield sys('hartCount');
  yield sys('mmap', SHARED, PAGE, RW | MAP.FIXED, 0);
  yield sys('mmap', BASE, pages * PAGE, RW | MAP.FIXED, 0);
  const threads: number[] = [];
  for (let hart = 1; hart < harts; hart += 1)
    threads.push(yield sys('threadSpawn', yield addressOf(striding), hart, hart));
  yield* striding(0);
  for (const thread of threads) yield* check(yield sys('threadJoin', thread, 0), 0, 1);
  yield sys('futexWait', SHARED, 0, 0);
  return 0;
}

function* striding(first: number): Code<number> {
  const harts = yield sys('hartCount');
  for (let page = first; page < 400; page += harts) yield store(BASE + page * PAGE, page);
  return 0;
}

function* alone(): Code<number> {
  yield sys('mmap', SHARED, PAGE, RW | MAP.FIXED, 0);
  yield sys('mmap', BASE, 400 * PAGE, RW | MAP.FIXED, 0);
  for (let page = 0; page < 400; page += 1) yield store(BASE + page * PAGE, page);
  yield sys('futexWait', SHARED, 0, 0);
  return 0;
}

describe('where objects adapt', () => {
  const shapeAfter = (entry: () => Code<number>, adapt: 'on' | 'off', harts = 8) => {
    const machine = new Machine(presetConfig('cc-numa', { harts }));
    bootKernel(machine, { entry, options: { 'objects.adapt': adapt } });
    machine.run();
    return shapesOf(machine).get(BASE);
  };

  test('a region that many harts fault on is spread, and so is its FCM', () => {
    expect(shapeAfter(() => turns(400), 'on')).toEqual({ clusters: 2, parts: 2, fcms: 2 });
  });

  test('one that a single hart faults on keeps one representative', () => {
    expect(shapeAfter(alone, 'on')).toEqual({ clusters: 1, parts: 1, fcms: 1 });
  });

  test.each([
    [2, 0],
    [4, 0],
    [8, 2],
  ])('with %i harts %i objects are replaced: none by one of the same degree', (harts, swaps) => {
    const replaced = vi.spyOn(Mediator.prototype, 'undisturbed');
    shapeAfter(() => turns(400), 'on', harts);
    expect(replaced).toHaveBeenCalledTimes(swaps);
  });

  test('and where they do not, it begins as it is configured', () => {
    expect(shapeAfter(alone, 'off')).toMatchObject({ clusters: 2, parts: 2 });
  });
});
