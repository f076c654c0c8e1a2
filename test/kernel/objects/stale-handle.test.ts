/**
 * A handle of a counter that was destroyed stays stale, whoever uses its reference next: also when a hart whose own range
 * of references is used up takes those of another.
 */
import { expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, MAP } from '../../../kernel/abi/index.ts';
import { check, run, sys } from '../run.ts';

const STALE = 0x10000;
const MOST = 900;

/** On hart 1: makes counters until references run out, again and again; says whether a stale handle is good. */
function* makesMany(): Code<number> {
  const stale = yield load(STALE);
  const held: number[] = [];
  for (let round = 0; round < 60; ) {
    const handle = yield sys('counterCreate', 0, 1);
    if (handle < 0) {
      if (handle !== ERROR.ENOMEM) return 9;
      // The last ones are of hart 0's range. Other numbers of them next time, so that the order changes.
      for (let count = 1 + (round % 5); count > 0; count -= 1)
        if ((yield sys('counterDestroy', held.pop() as number)) !== 0) return 7;
      yield sys('sleep', 10_000);
      round += 1;
      continue;
    }
    held.push(handle);
    for (let index = 0; index < stale; index += 1) {
      if (handle === (yield load(STALE + 4 + 4 * index)))
        return (yield sys('counterAdd', handle, 1)) === 0 ? 1 : 8;
    }
  }
  return 0;
}

function* staysStale(): Code<number> {
  yield sys('mmap', STALE, 4096, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
  let stale = 0;
  const held: number[] = [];
  // Hart 0 makes and destroys counters, so that it has given each of its references many serials.
  while (stale < MOST) {
    const handle = yield sys('counterCreate', 0, 1);
    if (handle > 0) {
      held.push(handle);
      if (held.length < 23) continue;
    }
    for (const old of held.splice(0)) {
      yield* check(yield sys('counterDestroy', old), 0, 2);
      yield* check(yield sys('counterAdd', old, 1), ERROR.EBADF, 3);
      stale += 1;
      yield store(STALE + 4 * stale, old);
    }
    yield sys('sleep', 20_000);
  }
  yield store(STALE, stale);
  const other = yield sys('threadSpawn', yield addressOf(makesMany), 0, 1);
  yield* check(yield sys('threadJoin', other, STALE), 0, 4);
  yield* check(yield load(STALE), 0, 5);
  return 0;
}

test.each([1, 2])('a stale handle stays stale, seed %i', (seed) => {
  const { stop, output } = run(staysStale, { preset: 'smp', harts: 2, seed, options: { refsPerHart: 32 } });
  expect(stop, output).toEqual({ kind: 'halted', status: 0 });
});
