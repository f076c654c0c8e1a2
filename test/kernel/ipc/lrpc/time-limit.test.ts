/** Time limits of LRPC calls where something else comes in between: ends, abortions, nested calls, moves. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../../hw/isa/index.ts';
import { CALL_BLOCK, ERROR, LIMIT } from '../../../../kernel/abi/index.ts';
import { check, expectStatus, MACHINES, sys } from '../../run.ts';
import { aStackOf, bindAt, exportAdder, PROCEDURE, ROOM, server } from './adder.ts';

const MIDDLE: readonly [number, number] = [0x0add, 2];
const SHORT = 20_000;
const LONG = 400_000;

/** Sleeps for long in the server, with a time limit. */
function* dozes(at: number, limit: number): Code<number> {
  const aStack = yield* aStackOf(at, PROCEDURE.doze);
  yield store(aStack, LONG);
  return yield sys('lrpcCall', yield load(at - 4), PROCEDURE.doze, aStack, limit);
}

function* connect(at: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(server), 0, -1);
  yield store(at - 4, yield* bindAt(at));
  return child;
}

/** The thread goes on with its number, stack and joiners; the A-stack comes back when the server lets go. */
function* goesOn(_: number, block: number): Code<number> {
  const at = block - ROOM;
  const child = yield* connect(at);
  const thread = yield sys('threadSpawn', yield addressOf(isJoined), at, -1);
  yield* check(yield sys('threadJoin', thread, block - 16), 0, 1);
  yield* check(yield load(block - 16), thread, 2);
  yield* check(yield* dozes(at, SHORT), ERROR.EBUSY, 3);
  yield sys('sleep', 2 * LONG);
  yield* check(yield* dozes(at, SHORT), ERROR.ETIMEDOUT, 4);
  yield* check(yield sys('kill', child), 0, 5);
  yield* check(yield sys('wait', child, 0), child, 6);
  return 0;
}

function* isJoined(at: number, block: number): Code<number> {
  yield store(block - 64, 77);
  yield* check(yield* dozes(at, SHORT), ERROR.ETIMEDOUT, 11);
  yield* check(yield load(block - 64), 77, 12);
  return yield sys('currentThread');
}

function* badLimits(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* exportAdder(at);
  yield store(at - 4, yield* bindAt(at));
  for (const limit of [-1, LIMIT.CYCLES + 1, -0x8000_0000])
    yield* check(yield* dozes(at, limit), ERROR.EINVAL, 1);
  // Nobody knows the thread that waits: it is in no call of its own, and no thread of a number.
  const thread = yield sys('threadSpawn', yield addressOf(waits), at, -1);
  yield sys('sleep', SHORT);
  yield* check(yield sys('threadJoin', 0, 0), ERROR.ESRCH, 2);
  yield* check(yield sys('lrpcAbort', 0), ERROR.ESRCH, 3);
  yield* check(yield sys('lrpcAbort', thread), 0, 4);
  yield* check(yield sys('threadJoin', thread, block - 16), 0, 5);
  yield* check(yield load(block - 16), ERROR.ECALLABORTED, 6);
  return 0;
}

function* waits(at: number): Code<number> {
  return yield* dozes(at, LIMIT.CYCLES);
}

/** A client that is killed, or whose server is, while its call has time left. */
function* endsEarly(victim: number, block: number): Code<number> {
  const at = block - ROOM;
  const child = yield* connect(at);
  yield sys('threadSpawn', yield addressOf(killsLater), victim === 0 ? child : victim, -1);
  return yield* dozes(at, LIMIT.CYCLES);
}

function* killsLater(victim: number): Code<number> {
  yield sys('sleep', 60_000);
  return yield sys('kill', victim);
}

function* endsOfBoth(_: number, block: number): Code<number> {
  for (const [victim, status] of [
    [0, ERROR.ECALLFAILED & 0xff],
    [-1, -64],
  ] as const) {
    const before = yield sys('clock');
    const child = yield sys('spawn', yield addressOf(endsEarly), victim, -1);
    if (victim !== 0) yield sys('threadSpawn', yield addressOf(killsLater), child, -1);
    yield* check(yield sys('wait', child, block - 16), child, 1);
    yield* check(yield load(block - 16), status, 2);
    yield* check((yield sys('clock')) - before < 3 * LONG ? 1 : 0, 1, 3);
    // The thread in the server, if that goes on, comes back to nobody.
    yield sys('sleep', 2 * LONG);
  }
  return 0;
}

/** Calls on to the server, with a limit; tells what came of it. */
function* onward(aStack: number, block: number): Code<number> {
  const at = yield load(block + CALL_BLOCK.WORD);
  yield store(aStack, yield* dozes(at, SHORT));
  return 0;
}

/** A domain between two others: its thread ends when it has exported, if it is told to, and its process with it. */
function* middle(mayEnd: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* connect(at);
  yield store(at - 64, yield addressOf(onward));
  yield store(at - 60, 4);
  yield store(at - 56, 2);
  yield sys('lrpcExport', ...MIDDLE, at - 64, 1, at);
  if (mayEnd === 0) for (;;) yield sys('sleep', 1 << 28);
  yield sys('sleep', SHORT / 4);
  return yield sys('threadExit', 0);
}

/** Binds to the middle and calls; gives what the call gave, or else what the call further on did. */
function* throughMiddle(at: number, limit: number): Code<number> {
  for (;;) {
    const bound = yield sys('lrpcBind', ...MIDDLE, at, 1);
    if (bound !== ERROR.ESRCH) {
      const aStack = yield* aStackOf(at, 0);
      const result = yield sys('lrpcCall', bound, 0, aStack, limit);
      return result === 0 ? yield load(aStack) : result;
    }
    yield sys('sleep', 500);
  }
}

/** The call of a guest is given up: the guest goes on in the middle, and comes home as the thread that it was. */
function* guestGoesOn(_: number, block: number): Code<number> {
  const between = yield sys('spawn', yield addressOf(middle), 0, -1);
  const thread = yield sys('threadSpawn', yield addressOf(guest), 0, -1);
  yield* check(yield sys('threadJoin', thread, block - 16), 0, 1);
  yield* check(yield load(block - 16), 0, 2);
  // The captured one has come back from the server, to nobody.
  yield sys('sleep', 2 * LONG);
  yield* check(yield sys('kill', between), 0, 3);
  return 0;
}

function* guest(_: number, block: number): Code<number> {
  const number = yield sys('currentThread');
  yield* check(yield* throughMiddle(block - ROOM, 0), ERROR.ETIMEDOUT, 11);
  yield* check(yield sys('currentThread'), number, 12);
  return 0;
}

/** The middle has no thread of its own any more when the time is up: it ends, and its guest comes home. */
function* middleEnds(_: number, block: number): Code<number> {
  const between = yield sys('spawn', yield addressOf(middle), 1, -1);
  const result = yield* throughMiddle(block - ROOM, 0);
  yield* check(result === ERROR.ECALLFAILED || result === ERROR.ETIMEDOUT ? 1 : 0, 1, 1);
  yield* check(yield sys('wait', between, 0), between, 2);
  yield sys('sleep', 2 * LONG);
  return 0;
}

/** Both the call and the one that it makes have limits, of which either is up first. */
function* bothLimits(_: number, block: number): Code<number> {
  yield sys('spawn', yield addressOf(middle), 0, -1);
  yield* check(yield* throughMiddle(block - ROOM, SHORT / 2), ERROR.ETIMEDOUT, 1);
  yield sys('sleep', 2 * LONG);
  yield* check(yield* throughMiddle(block - ROOM, LONG / 2), ERROR.ETIMEDOUT, 2);
  yield sys('sleep', 2 * LONG);
  return 0;
}

/** Moves its process to the other node while its own call is under way. */
function* moves(_: number, block: number): Code<number> {
  const at = block - ROOM;
  yield* connect(at);
  const thread = yield sys('threadSpawn', yield addressOf(spinsAndSleeps), at, 0);
  yield sys('sleep', 30_000);
  yield* check(yield sys('migrate', yield sys('currentProcess'), 1), 0, 1);
  yield* check(yield sys('threadJoin', thread, block - 16), 0, 2);
  yield* check(yield load(block - 16), 0, 3);
  return 0;
}

function* spinsAndSleeps(at: number): Code<number> {
  const aStack = yield* aStackOf(at, PROCEDURE.doze);
  yield store(aStack, 60_000);
  return yield sys('lrpcCall', yield load(at - 4), PROCEDURE.doze, aStack, LONG);
}

describe.each([MACHINES[0], MACHINES[4]])('on $preset with $harts harts', (machine) => {
  test.each([
    ['the thread goes on as the one that it was', goesOn],
    ['bad limits are refused, and nobody knows the thread that waits', badLimits],
    ['either domain may end meanwhile', endsOfBoth],
    ['a guest goes on where it was, and comes home', guestGoesOn],
    ['the domain between two others may end', middleEnds],
    ['calls within calls have limits of their own', bothLimits],
  ] as const)('%s', (_, program) => {
    expectStatus(0, program, { ...machine, options: { heapChecked: true } });
  });
});

test('a call may come back on another hart than that of its limit', () => {
  const { machine } = expectStatus(0, moves, { harts: 4, set: { nodes: 2, coresPerNode: 2 } });
  expect(machine.harts).toBe(4);
});
