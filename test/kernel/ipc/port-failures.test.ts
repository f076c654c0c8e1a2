/** Calls that fail: bad handles and arguments, time-outs, and ends of servers, clients and ports in the midst of calls. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, PORT_KIND } from '../../../kernel/abi/index.ts';
import { check, expectStatus, MACHINES, sys } from '../run.ts';
import { memory } from './echo-domains.ts';

const NAME = [77, 0] as const;
const BLOCK = (16 << 16) | 16;

/** Makes a port of a kind, and a binding to it in the same process. */
function* portAndBinding(kind: number): Code<readonly [number, number]> {
  const port = yield sys('portCreate', ...NAME, kind);
  const binding = yield sys('portBind', ...NAME);
  yield* check(port > 0 && binding > 0 ? 0 : 1, 0, 90);
  return [port, binding];
}

function* usesAnothers(handle: number): Code<number> {
  yield* check(yield sys('portCall', handle, 0, 0, 0, 0, 0), ERROR.EBADF, 1);
  yield* check(yield sys('portReceive', handle, 0, 0, 1), ERROR.EBADF, 2);
  yield* check(yield sys('portReplyReceive', handle, 0, 0, 0, 0, 0), ERROR.EBADF, 3);
  yield* check(yield sys('portClose', handle), ERROR.EBADF, 4);
  return 0;
}

function* badHandles(_: number, block: number): Code<number> {
  const [port, binding] = yield* portAndBinding(PORT_KIND.MESSAGE);
  const counter = yield sys('counterCreate', 0, 0);
  for (const handle of [port, binding]) {
    const child = yield sys('spawn', yield addressOf(usesAnothers), handle, -1);
    yield* check(yield sys('wait', child, block - 512), child, 10);
    yield* check(yield load(block - 512), 0, 11);
  }
  for (const forged of [0, -1, 1, 4, counter, binding + 1, binding ^ 0x40000000, -binding, port, 0x7fffffff])
    yield* check(yield sys('portCall', forged, 0, 0, 0, 0, 0), ERROR.EBADF, 12);
  for (const forged of [0, -1, 1, 4, counter, port + 1, port ^ 0x40000000, -port, binding])
    yield* check(yield sys('portReceive', forged, 0, 0, 1), ERROR.EBADF, 13);
  yield* check(yield sys('counterAdd', port, 1), ERROR.EBADF, 14);
  yield* check(yield sys('portClose', binding), 0, 15);
  yield* check(yield sys('portClose', binding), ERROR.EBADF, 16);
  yield* check(yield sys('portCall', binding, 0, 0, 0, 0, 1), ERROR.EBADF, 17);
  return 0;
}

function* badArguments(): Code<number> {
  const [port, binding] = yield* portAndBinding(PORT_KIND.RESTRICTED);
  const at = yield* memory(2);
  const unmapped = at + 2 * LIMIT.PAGE;
  const call = (...words: readonly number[]) => sys('portCall', binding, ...words);
  yield* check(yield call(-1, at, BLOCK, at, 1), ERROR.EINVAL, 1);
  yield* check(yield call(0, at + 2, BLOCK, at, 1), ERROR.EINVAL, 2);
  yield* check(yield call(0, at, BLOCK, at + 1, 1), ERROR.EINVAL, 3);
  yield* check(yield call(0, at, (LIMIT.MESSAGE + 4) << 16, at, 1), ERROR.EINVAL, 4);
  yield* check(yield call(0, at, LIMIT.MESSAGE + 4, at, 1), ERROR.EINVAL, 5);
  yield* check(yield call(0, at + LIMIT.PAGE - 12, BLOCK, at, 1), ERROR.EINVAL, 6);
  yield* check(yield call(0, at, BLOCK, at, -1), ERROR.EINVAL, 7);
  yield* check(yield call(0, unmapped, BLOCK, at, 1), ERROR.EFAULT, 8);
  yield* check(yield call(0, -4096, BLOCK, at, 1), ERROR.EFAULT, 9);
  yield* check(yield sys('portReceive', port, at + 2, 4, 1), ERROR.EINVAL, 10);
  yield* check(yield sys('portReceive', port, at, LIMIT.MESSAGE + 1, 1), ERROR.EINVAL, 11);
  yield* check(yield sys('portReceive', port, at, 4, -1), ERROR.EINVAL, 12);
  yield* check(yield sys('portReply', at, 4, 0), ERROR.ESRCH, 13);
  yield* check(yield sys('portReply', at, 4, -1), ERROR.EINVAL, 14);
  yield* check(yield sys('portCreate', 0, 1, 0), ERROR.EINVAL, 15);
  yield* check(yield sys('portCreate', 1, 1, 3), ERROR.EINVAL, 16);
  yield* check(yield sys('portCreate', ...NAME, 0), ERROR.EBUSY, 17);
  yield* check(yield sys('portBind', 78, 0), ERROR.ESRCH, 18);
  yield* check(yield sys('portClose', port), 0, 19);
  yield* check(yield sys('portBind', ...NAME), ERROR.ESRCH, 20);
  yield* check(yield call(0, at, BLOCK, at, 0), ERROR.ECALLFAILED, 21);
  return 0;
}

/** Nobody receives, or nobody calls. */
function* timesOut(kind: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  const at = yield* memory(1);
  for (let round = 0; round < 5; round += 1) {
    yield* check(yield sys('portCall', binding, 0, at, BLOCK, at, 300), ERROR.ETIMEDOUT, 1);
    yield* check(yield sys('portReceive', port, at, 16, 300), ERROR.ETIMEDOUT, 2);
  }
  return 0;
}

/** What the other thread does with the binding that it is given: one call, with or without a time-out. */
const callerWith = (timeout: number) =>
  function* calls(binding: number): Code<number> {
    const at = yield* memory(1);
    yield store(at, 42);
    const result = yield sys('portCall', binding, 7, at, BLOCK, at + 64, timeout);
    return result < 0 ? -result : result;
  };
const callsForEver = callerWith(0);
const callsAWhile = callerWith(2000);

/** Starts a caller on a hart, does something, and expects what the call gave. */
function* withCaller(
  block: number,
  binding: number,
  caller: (binding: number) => Code<number>,
  expected: number,
  deed: Code,
): Code<number> {
  const thread = yield sys('threadSpawn', yield addressOf(caller), binding, -1);
  yield* deed;
  yield* check(yield sys('threadJoin', thread, block - 512), 0, 80);
  yield* check(yield load(block - 512), expected, 81);
  return 0;
}

function* closes(port: number, receivesFirst: boolean): Code {
  if (receivesFirst) {
    const at = yield* memory(1);
    yield* check(yield sys('portReceive', port, at, 16, 0), 7, 1);
    yield* check(yield load(at), 42, 2);
    yield* check(yield sys('portReceive', port, at, 16, 0), ERROR.EBUSY, 3);
  } else yield sys('sleep', 3000);
  yield* check(yield sys('portClose', port), 0, 4);
  if (receivesFirst) yield* check(yield sys('portReply', 0, 0, 0), ERROR.ESRCH, 5);
}

const closing = (receivesFirst: boolean) =>
  function* main(kind: number, block: number): Code<number> {
    const [port, binding] = yield* portAndBinding(kind);
    const failed = -ERROR.ECALLFAILED;
    return yield* withCaller(block, binding, callsForEver, failed, closes(port, receivesFirst));
  };
const closesQueued = closing(false);
const closesServed = closing(true);

function* repliesLate(port: number): Code {
  const at = yield* memory(1);
  yield* check(yield sys('portReceive', port, at, 16, 0), 7, 1);
  yield sys('sleep', 6000);
  yield* check(yield sys('portReply', at, 16, 5), ERROR.ESRCH, 2);
  yield* check(yield sys('portReceive', port, at, 16, 100), ERROR.ETIMEDOUT, 3);
}

function* givesUp(kind: number, block: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  return yield* withCaller(block, binding, callsAWhile, -ERROR.ETIMEDOUT, repliesLate(port));
}

function* hasNoRoom(port: number): Code {
  const at = yield* memory(1);
  yield sys('sleep', 3000);
  yield* check(yield sys('portReceive', port, at, 12, 300), ERROR.ETIMEDOUT, 1);
}

function* tooLong(kind: number, block: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  return yield* withCaller(block, binding, callsForEver, -ERROR.EMSGSIZE, hasNoRoom(port));
}

function* hasNoRoomWhenItWaits(port: number): Code {
  yield* check(yield sys('portReceive', port, yield* memory(1), 12, 0), ERROR.EMSGSIZE, 1);
}

function* tooLongForAWaiter(kind: number, block: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  return yield* withCaller(block, binding, callsForEver, -ERROR.EMSGSIZE, hasNoRoomWhenItWaits(port));
}

function* answersAtLength(port: number): Code {
  const at = yield* memory(1);
  yield* check(yield sys('portReceive', port, at, 16, 0), 7, 1);
  yield* check(yield sys('portReply', at, 20, 0), 0, 2);
}

function* replyTooLong(kind: number, block: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  return yield* withCaller(block, binding, callsForEver, -ERROR.EMSGSIZE, answersAtLength(port));
}

/** The server's own pointers are bad: it is told, and so is the client. */
function* badRoom(port: number): Code {
  yield* check(yield sys('portReceive', port, 0x2000_0000, 16, 0), ERROR.EFAULT, 1);
}

function* serverFaults(kind: number, block: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  return yield* withCaller(block, binding, callsForEver, -ERROR.ECALLFAILED, badRoom(port));
}

function* badReply(port: number): Code {
  const at = yield* memory(1);
  yield* check(yield sys('portReceive', port, at, 16, 0), 7, 1);
  yield* check(yield sys('portReply', 0x2000_0000, 16, 0), ERROR.EFAULT, 2);
  yield* check(yield sys('portReply', at, 16, 3), 0, 3);
}

function* replyFaults(kind: number, block: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  return yield* withCaller(block, binding, callsForEver, 3, badReply(port));
}

/** A server process that takes a call and ends. */
function* takesAndEnds(kind: number): Code<number> {
  const port = yield sys('portCreate', ...NAME, kind);
  yield* check(yield sys('portReceive', port, yield* memory(1), 16, 0), 7, 1);
  return 0;
}

/** A server thread that ends, in a process that goes on. */
function* takesAndLeaves(port: number): Code<number> {
  yield* check(yield sys('portReceive', port, yield* memory(1), 16, 0), 7, 1);
  return 0;
}

function* serverEnds(kind: number, block: number): Code<number> {
  const child = yield sys('spawn', yield addressOf(takesAndEnds), kind, -1);
  let binding = 0;
  for (let tries = 0; tries < 100 && binding <= 0; tries += 1) {
    binding = yield sys('portBind', ...NAME);
    if (binding < 0) yield sys('sleep', 500);
  }
  const at = yield* memory(1);
  yield* check(yield sys('portCall', binding, 7, at, BLOCK, at, 0), ERROR.ECALLFAILED, 1);
  yield* check(yield sys('wait', child, block - 512), child, 2);
  yield* check(yield load(block - 512), 0, 3);
  yield* check(yield sys('portCall', binding, 7, at, BLOCK, at, 0), ERROR.ECALLFAILED, 4);
  return 0;
}

function* serverThreadEnds(kind: number): Code<number> {
  const [port, binding] = yield* portAndBinding(kind);
  yield sys('threadSpawn', yield addressOf(takesAndLeaves), port, -1);
  const at = yield* memory(1);
  yield* check(yield sys('portCall', binding, 7, at, BLOCK, at, 0), ERROR.ECALLFAILED, 1);
  yield* check(yield sys('portCall', binding, 7, at, BLOCK, at, 500), ERROR.ETIMEDOUT, 2);
  return 0;
}

/** A client process whose call is never answered. */
function* callsAndIsKilled(): Code<number> {
  const binding = yield sys('portBind', ...NAME);
  const at = yield* memory(1);
  yield sys('portCall', binding, 7, at, BLOCK, at, 0);
  return 0;
}

const clientKilled = (receives: boolean) =>
  function* main(kind: number, block: number): Code<number> {
    const port = yield sys('portCreate', ...NAME, kind);
    const child = yield sys('spawn', yield addressOf(callsAndIsKilled), 0, -1);
    const at = yield* memory(1);
    if (receives) yield* check(yield sys('portReceive', port, at, 16, 0), 7, 1);
    else yield sys('sleep', 4000);
    yield* check(yield sys('kill', child), 0, 2);
    yield* check(yield sys('wait', child, block - 512), child, 3);
    if (receives) yield* check(yield sys('portReply', at, 16, 0), ERROR.ESRCH, 4);
    yield* check(yield sys('portReceive', port, at, 16, 100), ERROR.ETIMEDOUT, 5);
    return 0;
  };
const killedInTheQueue = clientKilled(false);
const killedInTheServer = clientKilled(true);

const SCENES = {
  'a time-out ends a call, and a receive': timesOut,
  'a port that closes fails the calls that wait': closesQueued,
  'a port that closes fails the call that is carried out': closesServed,
  'who gave up is not replied to': givesUp,
  'a request that the server has no room for fails, and the server waits on': tooLong,
  'a request that a waiting server has no room for fails, and the server is told': tooLongForAWaiter,
  'a reply that the client has no room for fails': replyTooLong,
  'a server with a bad pointer for requests is told, and the call fails': serverFaults,
  'a server with a bad pointer for a reply is told, and may reply again': replyFaults,
  'the end of the server process fails its calls': serverEnds,
  'the end of the server thread fails its call': serverThreadEnds,
  'a client is killed while its call waits': killedInTheQueue,
  'a client is killed while its call is carried out': killedInTheServer,
} as const;

/** Each scene starts with the kind of its port. */
const starts = new Map(
  Object.entries(SCENES).flatMap(([name, scene]) =>
    [PORT_KIND.MESSAGE, PORT_KIND.RESTRICTED].map((kind) => {
      const entry = function* entry(_: number, block: number): Code<number> {
        return yield* scene(kind, block);
      };
      return [`${name} (kind ${kind})`, entry] as const;
    }),
  ),
);

describe('calls that fail', () => {
  test.each([...starts.keys()])('%s', (name) => {
    const entry = starts.get(name);
    expect(entry).toBeDefined();
    for (const machine of MACHINES.filter(({ preset, harts }) => preset === 'cc-numa' && harts < 16))
      for (const transfer of ['port', 'global'] as const)
        expectStatus(0, entry as NonNullable<typeof entry>, {
          ...machine,
          options: { transfer, heapChecked: true },
        });
  });

  test('handles are good in their process, for what they are, until they are given up', () => {
    expectStatus(0, badHandles, { harts: 2 });
  });

  test('bad arguments are errors', () => {
    expectStatus(0, badArguments, { harts: 2 });
  });
});
