import { describe, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, spinUntil, store } from '../../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const HARTS = 128;
const ROUNDS = 2;
const PAGE = LIMIT.PAGE;

/** All harts map, touch and unmap at once, so that more of them ask for shootdowns than a mailbox has slots. */
function* storm(): Code<number> {
  const shared = yield sys('mmap', 0, PAGE, MAP.READ | MAP.WRITE, 0);
  yield store(shared, 0);
  const entry = yield addressOf(unmapper);
  for (let hart = 1; hart < HARTS; hart += 1) {
    yield* check((yield sys('threadSpawn', entry, shared, hart)) > 0 ? 1 : 0, 1, 1);
  }
  yield* unmapper(shared);
  yield spinUntil(shared + 64, HARTS);
  return 0;
}

function* unmapper(shared: number): Code<number> {
  yield fetchAndAdd(shared, 1);
  yield spinUntil(shared, HARTS);
  for (let round = 0; round < ROUNDS; round += 1) {
    const mine = yield sys('mmap', 0, PAGE, MAP.READ | MAP.WRITE, 0);
    yield store(mine, round);
    yield* check(yield load(mine), round, 2);
    yield* check(yield sys('munmap', mine, PAGE), 0, 3);
  }
  yield fetchAndAdd(shared + 64, 1);
  return 0;
}

describe('shootdown', () => {
  test('by more harts at once than a mailbox has room for comes to an end', () => {
    expectStatus(0, storm, { harts: HARTS });
  }, 30_000);
});
