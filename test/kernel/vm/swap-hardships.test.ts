/** Objects of virtual memory are replaced where that is hard: calls inside sleep, or there is no memory for the new one. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addressOf, type Code, load } from '../../../hw/isa/index.ts';
import { ERROR, MAP } from '../../../kernel/abi/index.ts';
import { checkInvariants } from '../../../kernel/index.ts';
import { allocate, free } from '../../../kernel/memory/heap.ts';
import { beginCall, endCall } from '../../../kernel/objects/calls.ts';
import { startSwap } from '../../../kernel/objects/hot-swap.ts';
import { missHandlerOf } from '../../../kernel/objects/miss-handler-table.ts';
import { ROOT } from '../../../kernel/objects/root.ts';
import { createFcm, destroyFcm, fcmOf } from '../../../kernel/vm/fcm-kinds.ts';
import { unpinPage } from '../../../kernel/vm/page-descriptor.ts';
import { LINK_KIND } from '../../../kernel/vm/region-list.ts';
import { inside } from '../../../lab/experiments/framework/inside.ts';
import { bootedMachine, brokenInvariants, drainLimbo, finish } from '../objects/kernel-machine.ts';
import { watchMediators } from '../objects/watch-mediators.ts';
import { check, expectStatus, sys } from '../run.ts';

afterEach(() => void vi.restoreAllMocks());

const PAGE = 4096;
const PAGES = 24;
const HARTS = 4;
const REQUEST = { address: 0, pages: PAGES, flags: MAP.READ | MAP.WRITE, block: 0, kind: LINK_KIND.mapped };
const SLOT = 0x100;

/** Takes all blocks of some sizes that there are. */
function* takesAll(local: number): Code<Map<number, number[]>> {
  const taken = new Map<number, number[]>();
  for (const bytes of [2048, 1024, 512, 256, 128, 64]) {
    const blocks: number[] = [];
    for (let block = yield* allocate(local, bytes); block !== 0; block = yield* allocate(local, bytes))
      blocks.push(block);
    taken.set(bytes, blocks);
  }
  return taken;
}

function* descriptor(local: number, ref: number, index: number): Code<number> {
  const call = yield* beginCall(ref);
  const { page } = yield* (yield* fcmOf(call)).getPage(local, index, 'store');
  yield* unpinPage(page);
  yield* endCall(call);
  return page;
}

/** An FCM with pages is to get four parts, when so many blocks are left; gives how many it has then. */
function partsAfter(representatives: number, nodes: number): number {
  const machine = bootedMachine({
    harts: HARTS,
    options: { 'objects.fcm': 'shared', framesPerNode: 60 },
  });
  const on0 = (body: (local: number) => Code): void =>
    finish(machine, function* (local, hart) {
      if (hart === 0) yield* inside(local, SLOT, body(local));
    });
  const pages: number[] = [];
  let taken = new Map<number, number[]>();
  let ref = 0;
  let parts = 0;
  on0(function* (local) {
    ref = yield* createFcm(local, REQUEST, { hat: 0, origin: 0 });
    for (let index = 0; index < PAGES; index += 1) pages.push(yield* descriptor(local, ref, index));
    expect(yield* startSwap(local, ref, { size: 1 })).toBe(0);
    taken = yield* takesAll(local);
    for (let count = 0; count < representatives; count += 1) yield* free(taken.get(128)?.pop() as number);
    for (let count = 0; count < nodes; count += 1) yield* free(taken.get(64)?.pop() as number);
  });
  drainLimbo(machine);
  on0(function* (local) {
    for (const block of [...taken.values()].flat()) yield* free(block);
    parts = yield load((yield* missHandlerOf(local, ref)) + ROOT.clusters);
    for (let index = 0; index < PAGES; index += 1)
      expect(yield* descriptor(local, ref, index)).toBe(pages[index]);
    // The swap is over, whatever came of it.
    expect(yield* startSwap(local, ref, { size: 2 })).toBe(0);
  });
  drainLimbo(machine);
  on0(function* (local) {
    for (let index = 0; index < PAGES; index += 1)
      expect(yield* descriptor(local, ref, index)).toBe(pages[index]);
    expect(yield* destroyFcm(local, ref)).toBe(0);
  });
  drainLimbo(machine);
  expect(brokenInvariants(machine)).toEqual([]);
  expect(checkInvariants(machine).find(({ id }) => id === 'heap')?.detail).toBe('0 blocks in use');
  return parts;
}

describe('an FCM of one part is to have four, and memory is out when its pages are carried over', () => {
  test.each([
    [0, 0],
    [0, 4],
    [1, 1],
    [2, 3],
    [3, 0],
    [3, 3],
  ])('with %i representatives and %i nodes left it stays as it was', (representatives, nodes) => {
    expect(partsAfter(representatives, nodes)).toBe(1);
  });

  test('with as many as it needs it has four', () => expect(partsAfter(3, 4)).toBe(HARTS));
});

const BASE = 0x10_0000;
/** A seek is much longer than everything else. */
const SEEK = 2_000_000;

/** Loads from a page that is on the disk. */
function* reads(page: number): Code<number> {
  return yield load(BASE + page * PAGE);
}

/**
 * Thread 2 has a fault under way when the region is replaced; thread 3 has one that is counted when new calls are
 * blocked, since the token has passed its hart before; threads 4 and 5 come then, and wait. The disk serves one after
 * the other.
 */
function* replacesUnderSleep(): Code<number> {
  const seen = BASE + 4 * PAGE;
  yield sys('mmap', BASE, 4 * PAGE, MAP.READ | MAP.DISK | MAP.FIXED, 16);
  yield sys('mmap', seen, PAGE, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
  const entry = yield addressOf(reads);
  const first = yield sys('threadSpawn', entry, 0, 3);
  yield sys('sleep', SEEK / 10);
  yield* check(yield sys('regionReplace', BASE, 1), 0, 1);
  const second = yield sys('threadSpawn', entry, 2, 1);
  yield sys('sleep', SEEK / 10);
  yield* check(yield sys('regionReplace', BASE, 2), ERROR.EBUSY, 2);
  yield* check(yield sys('threadJoin', first, seen), 0, 3);
  yield* check(yield load(seen), 1, 4);
  yield sys('sleep', SEEK / 10);
  const third = yield sys('threadSpawn', entry, 0, 2);
  const fourth = yield sys('threadSpawn', entry, 1, 2);
  for (const [thread, value] of [
    [second, 3],
    [third, 1],
    [fourth, 2],
  ] as const) {
    yield* check(yield sys('threadJoin', thread, seen), 0, 5);
    yield* check(yield load(seen), value, 6);
  }
  let again = yield sys('regionReplace', BASE, 2);
  for (; again === ERROR.EBUSY; again = yield sys('regionReplace', BASE, 2)) yield sys('sleep', 1000);
  yield* check(again, 0, 7);
  return 0;
}

test.each(['smp', 'cc-numa', 'ncc-numa'])('calls inside sleep for the disk, on %s', (preset) => {
  const seen = watchMediators();
  expectStatus(0, replacesUnderSleep, {
    preset,
    harts: HARTS,
    set: { disk: { blocks: 1024, seek: SEEK, transfer: 1 } },
    disk: (image) => {
      for (let page = 0; page < 4; page += 1) image[16 * 512 + page * PAGE] = page + 1;
    },
  });
  expect(seen.waited).toBeGreaterThan(0);
  expect(seen.tokenFoundCalls).toBeGreaterThan(0);
});
