/**
 * Every call that needs memory, tried with 0, 1, 2, … free frames: it works or gives ENOMEM, and whatever it had
 * got before it failed is given back.
 */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, store } from '../../../hw/isa/index.ts';
import { ERROR, MAP } from '../../../kernel/abi/index.ts';
import { expectStatus, sys } from '../run.ts';

function* returns(): Code<number> {
  return 0;
}

/** Brings a page in without a fault: ENOMEM is an answer here, not the end. */
function* bringIn(address: number): Code<number> {
  return yield sys('futexWake', address, 0);
}

function* takesAllMemory(): Code<number[]> {
  const pages: number[] = [];
  for (;;) {
    const page = yield sys('mmap', 0, 4096, MAP.READ | MAP.WRITE, 0);
    if (page < 0) return pages;
    pages.push(page);
    if ((yield* bringIn(page)) !== 0) return pages;
  }
}

/** Gives 1 if every call worked, 0 if one had no memory, -1 if one gave something else. */
function* triesEverything(): Code<number> {
  const page = yield sys('mmap', 0, 4096, MAP.READ | MAP.WRITE | MAP.DISK, 0);
  if (page < 0) return page === ERROR.ENOMEM ? 0 : -1;
  const brought = yield* bringIn(page);
  if ((yield sys('munmap', page, 4096)) !== 0) return -1;
  if (brought !== 0) return brought === ERROR.ENOMEM ? 0 : -1;
  const thread = yield sys('threadSpawn', yield addressOf(returns), 0, -1);
  if (thread < 0) return thread === ERROR.ENOMEM ? 0 : -1;
  if ((yield sys('threadJoin', thread, 0)) !== 0) return -1;
  const child = yield sys('spawn', yield addressOf(returns), 0, -1);
  if (child < 0) return child === ERROR.ENOMEM ? 0 : -1;
  return (yield sys('wait', child, 0)) === child ? 1 : -1;
}

function* starves(_: number, block: number): Code<number> {
  yield store(block - 512, 1);
  const pages = yield* takesAllMemory();
  let worked = 0;
  while (worked < 3) {
    const result = yield* triesEverything();
    if (result < 0) return 1;
    worked += result;
    const page = pages.pop();
    if (page === undefined) return 2;
    if ((yield sys('munmap', page, 4096)) !== 0) return 3;
  }
  return 0;
}

describe('with memory running out', () => {
  test.each([1, 2, 4])('on %i harts', (harts) => {
    for (const preset of ['cc-numa', 'smp'] as const) {
      const { output } = expectStatus(0, starves, {
        preset,
        harts,
        set: { memoryPerNode: 1 << 20 },
        options: { framesPerNode: 64 },
      });
      expect(output).toBe('');
    }
  });
});
