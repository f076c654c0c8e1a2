/** Calls by LRPC that go well. */
import { describe, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../../hw/isa/index.ts';
import { check, expectStatus, MACHINES, sys } from '../../run.ts';
import { aStackOf, bindAt, callFirst, exportAdder, lrpcCall, PROCEDURE, ROOM, server } from './adder.ts';

function* adds(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(server), 1000, -1);
  const at = block - ROOM;
  const binding = yield* bindAt(at);
  yield* check(binding > 0 ? 1 : 0, 1, 1);
  const aStack = yield* aStackOf(at, PROCEDURE.add);
  for (let round = 0; round < 20; round += 1) {
    yield store(aStack, round);
    yield store(aStack + 4, 100);
    yield* check(yield lrpcCall(binding, PROCEDURE.add, aStack), 0, 2);
    yield* check(yield load(aStack + 8), 1100 + round, 3);
    yield* check(yield sys('currentProcess'), 1, 4);
  }
  yield* check(yield* callFirst(at, binding, PROCEDURE.nothing), 0, 5);
  yield* check(yield sys('lrpcUnbind', binding), 0, 6);
  yield* check(yield sys('kill', child), 0, 7);
  yield* check(yield sys('wait', child, 0), child, 8);
  return 0;
}

/** Calls into its own domain. */
function* toItself(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at, 5);
  const binding = yield* bindAt(at);
  const aStack = yield* aStackOf(at, PROCEDURE.add, 2);
  yield store(aStack, 1);
  yield store(aStack + 4, 2);
  yield* check(yield lrpcCall(binding, PROCEDURE.add, aStack), 0, 2);
  yield* check(yield load(aStack + 8), 8, 3);
  return 0;
}

describe('a call by LRPC', () => {
  test.each(MACHINES)('executes in the server and returns, on $preset with $harts harts', (machine) => {
    expectStatus(0, adds, machine);
  });
  test('may lead back into the same domain', () => {
    expectStatus(0, toItself);
  });
});
