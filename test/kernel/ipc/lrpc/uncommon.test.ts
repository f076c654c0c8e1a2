/** The uncommon cases of LRPC (section 5.3): domains end with calls in and out, threads are captured, stacks run out. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../../hw/isa/index.ts';
import { CALL_BLOCK, ERROR } from '../../../../kernel/abi/index.ts';
import { check, expectStatus, MACHINES, sys } from '../../run.ts';
import {
  aStackOf,
  bindAt,
  callFirst,
  CALLS,
  exportAdder,
  lrpcCall,
  NAME,
  PROCEDURE,
  ROOM,
  server,
} from './adder.ts';

const MIDDLE: readonly [number, number] = [0x0add, 2];

/** Waits for a child's status. */
function* statusOf(child: number, at: number): Code<number> {
  yield* check(yield sys('wait', child, at), child, 90);
  return yield load(at);
}

/** Kills the process whose number is the argument, after a while. */
function* killLater(victim: number): Code<number> {
  yield sys('sleep', 60_000);
  return yield sys('kill', victim);
}

/** The procedure throws, stores nowhere, or leaves: its process ends, its caller does not. */
function* survivesCrash(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(server), 0, -1);
  const at = block - ROOM;
  const binding = yield* bindAt(at);
  yield* check(yield* callFirst(at, binding, PROCEDURE.crash), ERROR.ECALLFAILED, 1);
  yield* check(yield* callFirst(at, binding, PROCEDURE.add), ERROR.ECALLFAILED, 2);
  yield* check(yield* statusOf(child, block - 16), -15, 3);
  yield* check(yield* callFirst(at, binding, PROCEDURE.add), ERROR.ECALLFAILED, 4);
  yield* check(yield sys('lrpcUnbind', binding), 0, 5);
  yield* check(yield sys('lrpcBind', ...NAME, at, 5), ERROR.ESRCH, 6);
  return 0;
}

/** The server is killed while threads of the client spin and sleep in it. */
function* survivesKill(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(server), 0, -1);
  const at = block - ROOM;
  const binding = yield* bindAt(at);
  yield store(at - 4, binding);
  yield store(yield* aStackOf(at, PROCEDURE.doze), 1 << 28);
  const sleeper = yield sys('threadSpawn', yield addressOf(dozesForLong), at, -1);
  yield sys('threadSpawn', yield addressOf(killLater), child, -1);
  yield* check(yield* callFirst(at, binding, PROCEDURE.spin), ERROR.ECALLFAILED, 1);
  yield* check(yield sys('threadJoin', sleeper, block - 16), 0, 2);
  yield* check(yield load(block - 16), ERROR.ECALLFAILED, 3);
  yield* check(yield* statusOf(child, block - 16), -64, 4);
  return 0;
}

function* dozesForLong(at: number): Code<number> {
  return yield lrpcCall(yield load(at - 4), PROCEDURE.doze, yield* aStackOf(at, PROCEDURE.doze));
}

/** A client whose only thread is in the server for long. */
function* client(procedure: number, block: number): Code<number> {
  const at = block - ROOM;
  const binding = yield* bindAt(at);
  yield store(yield* aStackOf(at, procedure), 1 << 28);
  return yield* callFirst(at, binding, procedure);
}

/** A client is killed while its thread is in the server: it ends at once, and the server goes on. */
const clientKilled = (procedure: number) =>
  function* killed(_: number, block: number): Code<number> {
    const at = block - ROOM;
    yield* exportAdder(at);
    const child = yield sys('spawn', yield addressOf(client), procedure, -1);
    yield sys('sleep', 100_000);
    yield* check(yield sys('kill', child), 0, 1);
    yield* check(yield* statusOf(child, block - 16), -64, 2);
    // The server still serves.
    const binding = yield* bindAt(at);
    yield* check(yield* callFirst(at, binding, PROCEDURE.nothing), 0, 3);
    yield* check(yield sys('lrpcUnbind', binding), 0, 4);
    return 0;
  };

/** Calls on to the first server. */
function* onward(aStack: number, block: number): Code<number> {
  const at = yield load(block + CALL_BLOCK.WORD);
  yield store(aStack, yield* callFirst(at, yield load(at - 4), PROCEDURE.doze));
  return 0;
}

/** A domain between two others. */
function* middle(_: number, block: number): Code<number> {
  const at = block - ROOM;
  const binding = yield* bindAt(at);
  yield store(at - 4, binding);
  yield store(yield* aStackOf(at, PROCEDURE.doze), 400_000);
  yield store(at - 64, yield addressOf(onward));
  yield store(at - 60, 4);
  yield store(at - 56, 2);
  yield sys('lrpcExport', ...MIDDLE, at - 64, 1, at);
  for (;;) yield sys('sleep', 1 << 28);
}

/** The domain in the middle of two calls ends: the thread comes back past it. */
function* skipsMiddle(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at);
  const between = yield sys('spawn', yield addressOf(middle), 0, -1);
  for (;;) {
    const bound = yield sys('lrpcBind', ...MIDDLE, at, 1);
    if (bound !== ERROR.ESRCH) {
      yield sys('threadSpawn', yield addressOf(killLater), between, -1);
      const before = yield sys('clock');
      yield* check(yield* callFirst(at, bound, 0), ERROR.ECALLFAILED, 1);
      // Not before the last server let it go.
      yield* check((yield sys('clock')) - before > 300_000 ? 1 : 0, 1, 2);
      yield* check(yield* statusOf(between, block - 16), -64, 3);
      return 0;
    }
    yield sys('sleep', 1000);
  }
}

function* captured(at: number): Code<number> {
  return yield* callFirst(at, yield load(at - 4), PROCEDURE.doze);
}

/** A captured thread is given up: another goes on in its place, and the server keeps the first one. */
function* abandons(_: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(server), 0, -1);
  const at = block - ROOM;
  const binding = yield* bindAt(at);
  yield store(at - 4, binding);
  yield store(yield* aStackOf(at, PROCEDURE.doze), 300_000);
  yield* check(yield sys('lrpcAbort', 1), ERROR.EDEADLK, 1);
  yield* check(yield sys('lrpcAbort', 7), ERROR.ESRCH, 2);
  const thread = yield sys('threadSpawn', yield addressOf(captured), at, -1);
  yield sys('sleep', 50_000);
  yield* check(yield sys('lrpcAbort', thread), 0, 3);
  yield* check(yield sys('threadJoin', thread, block - 16), 0, 4);
  yield* check(yield load(block - 16), ERROR.ECALLABORTED, 5);
  // Its A-stack is in use until the server lets go.
  yield* check(yield* callFirst(at, binding, PROCEDURE.doze), ERROR.EBUSY, 6);
  yield sys('sleep', 400_000);
  yield store(yield* aStackOf(at, PROCEDURE.doze), 1);
  yield* check(yield* callFirst(at, binding, PROCEDURE.doze), 0, 7);
  yield sys('kill', child);
  yield* check(yield* statusOf(child, block - 16), -64, 8);
  return 0;
}

/** More A-stacks when there are too few; they are checked chunk by chunk. */
function* grows(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at, 3);
  const binding = yield* bindAt(at);
  for (let round = 0; round < 4; round += 1) {
    const more = yield sys('lrpcGrow', binding, PROCEDURE.add);
    yield* check(more > 0 ? 1 : 0, 1, 1);
    for (let index = 0; index < CALLS; index += 1) {
      const aStack = more + 64 * index;
      yield store(aStack, round);
      yield store(aStack + 4, index);
      yield* check(yield lrpcCall(binding, PROCEDURE.add, aStack), 0, 2);
      yield* check(yield load(aStack + 8), round + index + 3, 3);
    }
    yield* check(yield lrpcCall(binding, PROCEDURE.add, more + 64 * CALLS), ERROR.EFAULT, 4);
  }
  return 0;
}

/** More A-stacks than there are E-stacks: those of A-stacks that rest are taken. */
function* reusesStacks(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at, 3);
  for (let round = 0; round < 16; round += 1) {
    const binding = yield* bindAt(at);
    for (const procedure of [PROCEDURE.add, PROCEDURE.nothing]) {
      for (let index = 0; index < CALLS; index += 1)
        yield* check(yield lrpcCall(binding, procedure, yield* aStackOf(at, procedure, index)), 0, 1);
    }
  }
  return 0;
}

/** Calls itself until A-stacks run out. */
function* recursion(aStack: number, block: number): Code<number> {
  const at = yield load(block + CALL_BLOCK.WORD);
  const depth = yield load(aStack);
  const next = aStack + 64;
  yield store(next, depth + 1);
  // Both sides of the call are this process; the client's side of the next A-stack is what the kernel wants.
  const result = yield lrpcCall(yield load(at - 4), 0, (yield* aStackOf(at, 0)) + 64 * (depth + 1));
  yield store(aStack, result === 0 ? yield load(next) : depth);
  return 0;
}

function* recurses(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield store(at - 64, yield addressOf(recursion));
  yield store(at - 60, 4);
  yield store(at - 56, 16);
  yield* check((yield sys('lrpcExport', ...MIDDLE, at - 64, 1, at)) > 0 ? 1 : 0, 1, 1);
  const binding = yield sys('lrpcBind', ...MIDDLE, at, 1);
  yield store(at - 4, binding);
  const first = yield* aStackOf(at, 0);
  yield* check(yield lrpcCall(binding, 0, first), 0, 2);
  yield* check(yield load(first), 15, 3);
  return 0;
}

describe.each(MACHINES)('on $preset with $harts harts', (machine) => {
  test('a procedure that crashes ends its server; the caller gets ECALLFAILED', () => {
    const { output } = expectStatus(0, survivesCrash, machine);
    expect(output).toContain('process 2 thread 1');
  });
  test('threads in a server that is killed come back with ECALLFAILED', () => {
    expectStatus(0, survivesKill, machine);
  });
  test('a client that is killed ends at once, though its thread sleeps in the server', () => {
    expectStatus(0, clientKilled(PROCEDURE.doze), machine);
  });
  test('a client that is killed ends at once, though its thread spins in the server', () => {
    expectStatus(0, clientKilled(PROCEDURE.spin), machine);
  });
  test('a thread passes over a domain that has ended on its way back', () => {
    expectStatus(0, skipsMiddle, machine);
  });
  test('a captured thread is replaced, and the server may keep it', () => {
    expectStatus(0, abandons, machine);
  });
});

test('A-stacks can be added', () => {
  expectStatus(0, grows);
});

test('E-stacks are taken from A-stacks that rest when there are no more', () => {
  expectStatus(0, reusesStacks);
});

test('a procedure may call itself as long as there are A-stacks', () => {
  expectStatus(0, recurses);
});
