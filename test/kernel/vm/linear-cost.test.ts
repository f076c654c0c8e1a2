/** What pages cost does not depend on how many others there are: four times as many, about four times the work. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, store } from '../../../hw/isa/index.ts';
import { MAP } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const PAGE = 4096;
const BASE = 0x10_0000;
const PAGES = 192;
const MORE = 4;

function* touchAndUnmap(pages: number): Code<number> {
  yield* check(yield sys('mmap', BASE, pages * PAGE, MAP.READ | MAP.WRITE | MAP.FIXED, 0), BASE, 1);
  for (let page = 0; page < pages; page += 1) yield store(BASE + page * PAGE, page + 1);
  yield* check(yield sys('munmap', BASE, pages * PAGE), 0, 2);
  return 0;
}

// biome-ignore lint/correctness/useYield: it ends at once
function* endAtOnce(): Code<number> {
  return 0;
}

/** A child ends at once; who is alone again takes over all that both had. */
function* touchAndFork(pages: number): Code<number> {
  yield* check(yield sys('mmap', BASE, pages * PAGE, MAP.READ | MAP.WRITE | MAP.FIXED, 0), BASE, 1);
  for (let page = 0; page < pages; page += 1) yield store(BASE + page * PAGE, page + 1);
  for (let round = 0; round < 2; round += 1) {
    const child = yield sys('fork', yield addressOf(endAtOnce), 0, -1);
    yield* check(yield sys('wait', child, 0), child, 3);
  }
  return 0;
}

const instructions = (entry: (pages: number) => Code<number>, pages: number, vm: string): number =>
  expectStatus(0, () => entry(pages), { harts: 1, options: { vm } }).machine.counters.total('instructions');

describe.each(['objects', 'traditional'])('kernel.vm=%s', (vm) => {
  test.each([
    ['unmapped', touchAndUnmap],
    ['taken over after a fork', touchAndFork],
  ])('pages that are %s', (_, entry) => {
    const ratio = instructions(entry, MORE * PAGES, vm) / instructions(entry, PAGES, vm);
    expect(ratio).toBeLessThan(MORE + 0.5);
  });
});
