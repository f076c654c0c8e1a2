import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { EXIT, LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { checkInvariants, inspectPaging } from '../../../kernel/index.ts';
import { presetConfig } from '../../../hw/presets.ts';
import { runKernel } from '../../../lab/testing/run-kernel.ts';
import { check, expectInvariants, expectStatus, sys } from '../run.ts';

const RW = MAP.READ | MAP.WRITE;
const PAGE = LIMIT.PAGE;
const PAGES = 60;

/** What stands in a page: nothing that another page has. */
const word = (page: number, round: number): number => (page + 1) * 1000 + round;

function* fills(base: number, pages: number): Code {
  for (let round = 0; round < 2; round += 1) {
    for (let page = 0; page < pages; page += 1) {
      if (round > 0) yield* check(yield load(base + page * PAGE + 16), word(page, round - 1), 1);
      yield store(base + page * PAGE + 16, word(page, round));
    }
  }
  for (let page = 0; page < pages; page += 1)
    yield* check(yield load(base + page * PAGE + 16), word(page, 1), 2);
}

function* writesMoreThanMemory(): Code<number> {
  const base = yield sys('mmap', 0, PAGES * PAGE, RW, 0);
  yield* fills(base, PAGES);
  return 0;
}

function* writesMoreThanMemoryToDisk(): Code<number> {
  const base = yield sys('mmap', 0, PAGES * PAGE, RW | MAP.DISK, 64);
  yield* fills(base, PAGES);
  yield* check(yield sys('munmap', base, PAGES * PAGE), 0, 3);
  return 0;
}

function* fillsOwn(base: number): Code<number> {
  yield* fills(base, 12);
  return 0;
}

function* writesFromManyThreads(_: number, block: number): Code<number> {
  const threads: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    const base = yield sys('mmap', 0, 12 * PAGE, RW, 0);
    threads.push(yield sys('threadSpawn', yield addressOf(fillsOwn), base, -1));
  }
  for (const thread of threads) {
    yield* check(yield sys('threadJoin', thread, block - 512), 0, 3);
    yield* check(yield load(block - 512), 0, 4);
  }
  return 0;
}

/** More than frames and swap together have room for. */
function* writesTooMuch(): Code<number> {
  const base = yield sys('mmap', 0, PAGES * PAGE, RW, 0);
  for (let page = 0; page < PAGES; page += 1) yield store(base + page * PAGE, page);
  return 0;
}

const FEW = { framesPerNode: 40, swap: 128 };
const MACHINES = [
  { preset: 'cc-numa', harts: 1 },
  { preset: 'ncc-numa', harts: 4, nodes: 1 },
] as const;

describe('swap on a disk that fails', () => {
  const config = presetConfig('cc-numa', { harts: 2, nodes: 1, set: { memoryPerNode: 1 << 20 } });

  test('costs a process its life, or nothing: never a page, never what is in one', () => {
    const ends = [0, 1, 90, 91].map((request) => {
      const faults = [{ kind: 'diskError', request } as const];
      const { machine, stop, output } = runKernel(writesMoreThanMemory, {
        config,
        faults,
        kernelOptions: FEW,
      });
      expectInvariants(machine);
      expect(checkInvariants(machine).find(({ id }) => id === 'swap')?.detail).toBe(
        '0 of 128 slots hold a page',
      );
      if (stop.kind === 'halted' && stop.status === EXIT.DISK_ERROR)
        expect(output).toContain(', disk error;');
      return stop.kind === 'halted' ? stop.status : stop.kind;
    });
    // The first requests are writes: the page stays, and another one leaves. Later ones are reads as well.
    expect(ends.slice(0, 2)).toEqual([0, 0]);
    expect(new Set(ends)).toEqual(new Set([0, EXIT.DISK_ERROR]));
  });
});

describe.each(MACHINES)('on $preset with $harts harts and few frames', (machine) => {
  test('anonymous pages that leave memory come back as they were', () => {
    const { machine: ended } = expectStatus(0, writesMoreThanMemory, { ...machine, options: FEW });
    const { pagesOut, written, swappedIn } = inspectPaging(ended);
    expect(pagesOut).toBeGreaterThan(PAGES);
    expect(written).toBeGreaterThan(PAGES);
    expect(swappedIn).toBeGreaterThan(PAGES);
  });
  test('a process for which memory and swap are too small ends and says so', () => {
    for (const swap of [0, 5]) {
      const options = { framesPerNode: 40, swap };
      const { output } = expectStatus(EXIT.NO_MEMORY, writesTooMuch, { ...machine, options });
      expect(output).toMatch(/ended by storePageFault at store of 0x[0-9a-f]+, no memory; status -65/);
    }
  });
  test('pages of the disk leave without swap', () => {
    const { machine: ended } = expectStatus(0, writesMoreThanMemoryToDisk, {
      ...machine,
      options: { framesPerNode: 40 },
    });
    const words = new Int32Array(ended.disk.image.buffer);
    for (let page = 0; page < PAGES; page += 1)
      expect(words[(64 * 512 + page * PAGE + 16) / 4]).toBe(word(page, 1));
  });
  test('so do those of many threads', () => {
    expectStatus(0, writesFromManyThreads, { ...machine, options: FEW });
  });
});
