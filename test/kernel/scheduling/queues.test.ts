/** Policies with queues that harts share, or with one for each: threads run, wait and are woken, wherever they are. */
import { describe, test } from 'vitest';
import { addressOf, type Code, load, store, work } from '../../../hw/isa/index.ts';
import { POLICIES } from '../../../kernel/index.ts';
import { check, expectStatus, sys } from '../run.ts';

const ROOM = -512;

/** Works, sleeps and waits in turn; the futex is the word that it is given. */
function* busy(word: number): Code<number> {
  for (let round = 0; round < 6; round += 1) {
    yield work(300);
    yield sys('sleep', 200 + 100 * round);
    yield sys('futexWait', word, 0, 700);
    yield sys('yield');
    yield sys('futexWake', word, 2);
  }
  return word ^ 0x55;
}

function* manyThreads(_: number, block: number): Code<number> {
  const page = yield sys('mmap', 0, 4096, 3, 0);
  const first = yield sys('threadSpawn', yield addressOf(busy), page, -1);
  for (let count = 1; count < 12; count += 1) yield sys('threadSpawn', yield addressOf(busy), page, -1);
  for (let count = 0; count < 12; count += 1) {
    yield* check(yield sys('threadJoin', first + count, block + ROOM), 0, 1);
    yield* check(yield load(block + ROOM), page ^ 0x55, 2);
  }
  yield store(page, 1);
  return 0;
}

describe.each(POLICIES.map(({ name }) => name))('%s', (scheduler) => {
  test.each(['shared', 'node', 'hart'])('threads run to their end, run queue: %s', (degree) => {
    for (const harts of [1, 6])
      expectStatus(0, manyThreads, {
        harts,
        nodes: Math.min(harts, 2),
        options: { scheduler, 'objects.runQueue': degree, slice: 1500, procrastination: 300 },
      });
  });
});
