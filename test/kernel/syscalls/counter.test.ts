/** Handles of counters: good in their process until destroyed, and never again. */
import { test } from 'vitest';
import { addressOf, type Code } from '../../../hw/isa/index.ts';
import { COUNTER_POLICY, ERROR } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';

function* usesAnothers(handle: number): Code<number> {
  yield* check(yield sys('counterAdd', handle, 1), ERROR.EBADF, 1);
  yield* check(yield sys('counterRead', handle), ERROR.EBADF, 2);
  yield* check(yield sys('counterReplace', handle, 0, 1), ERROR.EBADF, 3);
  yield* check(yield sys('counterDestroy', handle), ERROR.EBADF, 4);
  // Its own, which the end of the process destroys.
  yield sys('counterAdd', yield sys('counterCreate', 0, 0), 1);
  return 0;
}

function* keepsItToItself(_: number, block: number): Code<number> {
  const handle = yield sys('counterCreate', COUNTER_POLICY.PARTITIONED, 0);
  yield* check(yield sys('counterAdd', handle, 5), 0, 10);
  const child = yield sys('spawn', yield addressOf(usesAnothers), handle, -1);
  yield* check(yield sys('wait', child, block - 512), child, 11);
  yield* check(yield sys('counterRead', handle), 5, 12);
  yield* check(yield sys('counterAdd', handle, -7), 0, 13);
  yield* check(yield sys('counterRead', handle), -2 & 0x7fffffff, 14);
  return 0;
}

/** References are used again, handles are not. */
function* neverTheSame(): Code<number> {
  const first = yield sys('counterCreate', COUNTER_POLICY.REPLICATED, 1);
  yield* check(yield sys('counterDestroy', first), 0, 1);
  yield* check(yield sys('counterDestroy', first), ERROR.EBADF, 2);
  for (let round = 0; round < 200; round += 1) {
    const other = yield sys('counterCreate', round & 1, 0);
    yield* check(other > 0 && other !== first ? 1 : 0, 1, 3);
    yield* check(yield sys('counterRead', first), ERROR.EBADF, 4);
    yield* check(yield sys('counterDestroy', other), 0, 5);
  }
  return 0;
}

function* badArguments(): Code<number> {
  yield* check(yield sys('counterCreate', 2, 0), ERROR.EINVAL, 1);
  yield* check(yield sys('counterCreate', -1, 0), ERROR.EINVAL, 2);
  yield* check(yield sys('counterCreate', 0, 5), ERROR.EINVAL, 3);
  yield* check(yield sys('counterCreate', 0, -1), ERROR.EINVAL, 4);
  const handle = yield sys('counterCreate', 0, 4);
  yield* check(yield sys('counterReplace', handle, 0, 99), ERROR.EINVAL, 5);
  for (const forged of [0, -1, 1, 4, handle + 1, handle ^ 0x40000000, 0x7fffffff, -handle])
    yield* check(yield sys('counterRead', forged), ERROR.EBADF, 6);
  return 0;
}

function* takesAll(): Code<number> {
  for (let count = 0; ; count += 1) {
    const handle = yield sys('counterCreate', 0, 1);
    if (handle < 0) return handle === ERROR.ENOMEM && count > 10 ? 0 : 1;
  }
}

test.each([1, 4])('a counter belongs to its process, on %i harts', (harts) => {
  expectStatus(0, keepsItToItself, { harts });
});

test('a handle of a destroyed counter stays bad, though its reference is used again', () => {
  expectStatus(0, neverTheSame, { harts: 2, options: { refsPerHart: 64 } });
});

test('bad policies, degrees and forged handles are errors', () => {
  expectStatus(0, badArguments, { harts: 4 });
});

test('when references run out, ENOMEM; the end of the process gives them back', () => {
  expectStatus(0, takesAll, { harts: 2, options: { refsPerHart: 64 } });
});
