/** Procedures of one interface that share A-stacks: whose descriptor has no calls uses those of an earlier one of its size. */
import { expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../../hw/isa/index.ts';
import { A_STACKS, A_STACKS_SIZE, ERROR } from '../../../../kernel/abi/index.ts';
import { defineInterface, procedure, word, bytes } from '../../../../userland/ipc/index.ts';
import { check, expectStatus, sys } from '../../run.ts';

const NAME = [0x5a4, 0] as const;
const ROOM = 2048;

function* one(aStack: number): Code<number> {
  yield store(aStack, 1);
  return 0;
}

function* two(aStack: number): Code<number> {
  yield store(aStack, 2);
  return 0;
}

/** Calls procedure 0 on the A-stack that it is itself called on, by the binding that the first word names. */
function* again(aStack: number): Code<number> {
  const own = yield load(aStack + 4);
  yield store(aStack, yield sys('lrpcCall', yield load(aStack), 0, own));
  return 0;
}

/** Exports three procedures with sizes and calls. */
function* exports(at: number, sizes: readonly number[], calls: readonly number[]): Code<number> {
  for (const [index, entry] of [one, two, again].entries()) {
    yield store(at + 12 * index, yield addressOf(entry));
    yield store(at + 12 * index + 4, sizes[index] ?? 0);
    yield store(at + 12 * index + 8, calls[index] ?? 0);
  }
  return yield sys('lrpcExport', ...NAME, at, 3, 0);
}

function* shares(_: number, block: number): Code<number> {
  const at = block - ROOM;
  // Nobody before it has A-stacks; or none of its size; or less than none.
  yield* check(yield* exports(at, [8, 8, 8], [0, 2, 2]), ERROR.EINVAL, 1);
  yield* check(yield* exports(at, [8, 100, 8], [2, 0, 2]), ERROR.EINVAL, 2);
  yield* check(yield* exports(at, [8, 8, 8], [2, -1, 2]), ERROR.EINVAL, 3);
  const exported = yield* exports(at, [8, 64, 8], [2, 0, 0]);
  yield* check(exported > 0 ? 1 : 0, 1, 4);
  const binding = yield sys('lrpcBind', ...NAME, at, 3);
  yield* check(binding > 0 ? 1 : 0, 1, 5);
  const base = yield load(at + A_STACKS.BASE);
  for (const index of [1, 2]) {
    yield* check(yield load(at + index * A_STACKS_SIZE + A_STACKS.BASE), base, 6);
    yield* check(yield load(at + index * A_STACKS_SIZE + A_STACKS.COUNT), 2, 7);
  }
  // The same A-stack leads to the procedure that is called.
  for (const index of [0, 1]) {
    yield* check(yield sys('lrpcCall', binding, index, base), 0, 8);
    yield* check(yield load(base), 1 + index, 9);
  }
  // One that is in use is so for all of them.
  yield store(base, binding);
  yield store(base + 4, base);
  yield* check(yield sys('lrpcCall', binding, 2, base), 0, 10);
  yield* check(yield load(base), ERROR.EBUSY, 11);
  // What one gets more, all have.
  const more = yield sys('lrpcGrow', binding, 1);
  yield* check(more > 0 ? 1 : 0, 1, 12);
  yield* check(yield sys('lrpcCall', binding, 0, more), 0, 13);
  yield* check(yield sys('lrpcUnbind', binding), 0, 14);
  return 0;
}

test('are one set of A-stacks, for all procedures that use them', () => {
  expectStatus(0, shares);
});

test('stubs let procedures share whose messages take as many lines', () => {
  const { signatures } = defineInterface('sharing', {
    first: procedure({}, {}, { simultaneous: 2 }),
    large: procedure({ data: bytes(100) }, {}),
    small: procedure({ a: word }, { b: word }, { simultaneous: 7 }),
  });
  expect(signatures.map(({ lender, simultaneous }) => [lender, simultaneous])).toEqual([
    [0, 7],
    [1, 5],
    [0, 7],
  ]);
});
