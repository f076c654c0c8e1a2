/** Protected procedure calls to other harts, without an answer, to busy workers; and all that can come in between. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, fetchAndAdd, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, PORT_KIND } from '../../../kernel/abi/index.ts';
import { check, expectStatus, sys } from '../run.ts';
import { memory } from './echo-domains.ts';

const NAME = [88, 1] as const;
const WORDS = (4 << 16) | 4;
const HARTS = 4;

/** Words of the memory that threads of the first process share. */
const PORT = 0;
const BINDING = 4;
const DONE = 8;
const SUM = 12;
const RESULT = 64;

/** Shared memory with a port for protected calls and a binding to it. */
function* setUp(): Code<number> {
  const shared = yield* memory(1);
  yield store(shared + PORT, yield sys('portCreate', ...NAME, PORT_KIND.PPC));
  yield store(shared + BINDING, yield sys('portBind', ...NAME));
  return shared;
}

/** A worker: adds what it gets to the sum, and gives it back plus one. It takes `delay` cycles over each call. */
const workerWith = (delay: number) =>
  function* works(shared: number): Code<number> {
    const port = yield load(shared + PORT);
    const room = yield* memory(1);
    let procedure = yield sys('ppcAccept', port, room, 4);
    while (procedure >= 0 || procedure === ERROR.EAGAIN) {
      if (procedure < 0) {
        procedure = yield sys('ppcAccept', port, room, 4);
        continue;
      }
      const value = yield load(room);
      yield fetchAndAdd(shared + SUM, value);
      if (delay > 0) yield sys('sleep', delay);
      yield store(room, value + 1);
      procedure = yield sys('ppcReturn', port, room, 4, procedure, room, 4);
    }
    return -procedure;
  };
const worker = workerWith(0);
const slowWorker = workerWith(4000);
const slowestWorker = workerWith(200_000);

function* spawn(
  code: (argument: number, block: number) => Code<number>,
  argument: number,
  hart: number,
): Code<number> {
  return yield sys('threadSpawn', yield addressOf(code), argument, hart);
}

function* join(thread: number, block: number, expected: number, mark: number): Code {
  yield* check(yield sys('threadJoin', thread, block - 512), 0, mark);
  yield* check(yield load(block - 512), expected, mark);
}

/** One call to a hart's workers, with a procedure that is also the status; tries until there is a worker. */
function* callOn(shared: number, hart: number, value: number, procedure: number): Code<number> {
  const at = yield* memory(1);
  yield store(at, value);
  const binding = yield load(shared + BINDING);
  for (;;) {
    const status = yield sys('ppcCallOn', binding, procedure, at, WORDS, at + 64, hart);
    if (status === ERROR.ESRCH) yield sys('sleep', 300);
    else return status === procedure ? yield load(at + 64) : status;
  }
}

function* callsEverywhere(shared: number): Code<number> {
  for (let hart = 0; hart < HARTS; hart += 1) {
    const answer = yield* callOn(shared, hart, 10 + hart, 3);
    if (answer !== 11 + hart) return 1 - answer;
  }
  return 0;
}

function* fromEveryHartToEveryHart(_: number, block: number): Code<number> {
  const shared = yield* setUp();
  const workers: number[] = [];
  const callers: number[] = [];
  for (let hart = 0; hart < HARTS; hart += 1) workers.push(yield* spawn(worker, shared, hart));
  for (let hart = 0; hart < HARTS; hart += 1) callers.push(yield* spawn(callsEverywhere, shared, hart));
  for (const caller of callers) yield* join(caller, block, 0, 1);
  yield* check(yield load(shared + SUM), HARTS * (10 + 11 + 12 + 13), 2);
  yield* check(yield sys('portClose', yield load(shared + PORT)), 0, 3);
  for (const each of workers) yield* join(each, block, -ERROR.ECALLFAILED, 4);
  yield* check(yield sys('ppcCall', yield load(shared + BINDING), 0, 0, 0, 0), ERROR.ECALLFAILED, 5);
  return 0;
}

function* noWorkers(): Code<number> {
  const shared = yield* setUp();
  const [port, binding] = [yield load(shared + PORT), yield load(shared + BINDING)];
  yield* check(yield sys('ppcCall', binding, 0, 0, 0, 0), ERROR.ESRCH, 1);
  yield* check(yield sys('ppcCallOn', binding, 0, 0, 0, 0, 1), ERROR.ESRCH, 2);
  yield* check(yield sys('ppcSend', binding, 0, 0, 0, 1), 0, 3);
  // Handles of another kind, or for another use.
  yield* check(yield sys('portCall', binding, 0, 0, 0, 0, 1), ERROR.EBADF, 4);
  yield* check(yield sys('portReceive', port, 0, 0, 1), ERROR.EBADF, 5);
  yield* check(yield sys('ppcCall', port, 0, 0, 0, 0), ERROR.EBADF, 6);
  yield* check(yield sys('ppcAccept', binding, 0, 0), ERROR.EBADF, 7);
  const messages = yield sys('portCreate', 89, 0, PORT_KIND.MESSAGE);
  yield* check(yield sys('ppcAccept', messages, 0, 0), ERROR.EBADF, 8);
  for (const forged of [0, -1, 3, binding + 1, binding ^ 0x10000000, -binding])
    yield* check(yield sys('ppcCall', forged, 0, 0, 0, 0), ERROR.EBADF, 9);
  yield* check(yield sys('ppcCallOn', binding, 0, 0, 0, 0, HARTS), ERROR.EINVAL, 10);
  yield* check(yield sys('ppcCallOn', binding, 0, 0, 0, 0, -1), ERROR.EINVAL, 11);
  yield* check(yield sys('ppcCall', binding, -1, 0, 0, 0), ERROR.EINVAL, 12);
  yield* check(yield sys('ppcCall', binding, 0, 2, WORDS, 0), ERROR.EINVAL, 13);
  yield* check(yield sys('ppcCall', binding, 0, 0x2000_0000, WORDS, 0), ERROR.EFAULT, 14);
  yield* check(yield sys('ppcSend', binding, 0, 0, LIMIT.MESSAGE + 4, 0), ERROR.EINVAL, 15);
  yield* check(yield sys('ppcReturn', port, 0, 0, -1, 0, 0), ERROR.EINVAL, 16);
  return 0;
}

function* callsHere(shared: number): Code<number> {
  const at = yield* memory(1);
  yield store(at, 5);
  const status = yield sys('ppcCall', yield load(shared + BINDING), 2, at, WORDS, at + 64);
  yield fetchAndAdd(shared + DONE, 1);
  return status === 2 ? yield load(at + 64) : -status;
}

/** Several callers, one worker that sleeps over each call: the others wait for it. */
function* queueForOne(_: number, block: number): Code<number> {
  const shared = yield* setUp();
  yield* spawn(slowWorker, shared, 0);
  yield sys('sleep', 3000);
  const callers: number[] = [];
  for (let caller = 0; caller < 4; caller += 1) callers.push(yield* spawn(callsHere, shared, 0));
  const far = yield* callOn(shared, 0, 7, 1);
  yield* check(far, 8, 1);
  for (const caller of callers) yield* join(caller, block, 6, 2);
  yield* check(yield load(shared + SUM), 27, 3);
  return 0;
}

/** The port closes while one call is carried out, and others wait, here and from elsewhere. */
function* closesBusy(_: number, block: number): Code<number> {
  const shared = yield* setUp();
  const one = yield* spawn(slowestWorker, shared, 0);
  yield sys('sleep', 3000);
  const callers: number[] = [];
  for (let caller = 0; caller < 3; caller += 1) callers.push(yield* spawn(callsHere, shared, 0));
  callers.push(yield* spawn(callsAcross, shared, 1));
  yield* check(yield sys('ppcSend', yield load(shared + BINDING), 0, 0, 0, 0), 0, 1);
  yield sys('sleep', 20_000);
  yield* check(yield sys('portClose', yield load(shared + PORT)), 0, 2);
  for (const caller of callers) yield* join(caller, block, -ERROR.ECALLFAILED, 3);
  // The right to receive has gone.
  yield* join(one, block, -ERROR.EBADF, 4);
  return 0;
}

function* callsAcross(shared: number): Code<number> {
  return -(yield* callOn(shared, 0, 1, 1));
}

/** A server process whose only worker ends in the midst of a call. */
function* servesOnce(): Code<number> {
  const port = yield sys('portCreate', ...NAME, PORT_KIND.PPC);
  yield* check(yield sys('ppcAccept', port, yield* memory(1), 4), 2, 1);
  yield sys('sleep', 3000);
  return 0;
}

const serverEnds = (remote: boolean) =>
  function* main(_: number, block: number): Code<number> {
    const child = yield sys('spawn', yield addressOf(servesOnce), 0, 0);
    const at = yield* memory(1);
    let binding = ERROR.ESRCH as number;
    for (; binding === ERROR.ESRCH; yield sys('sleep', 500)) binding = yield sys('portBind', ...NAME);
    let result = ERROR.ESRCH as number;
    for (; result === ERROR.ESRCH; yield sys('sleep', 500))
      result = remote
        ? yield sys('ppcCallOn', binding, 2, at, WORDS, at, 0)
        : yield sys('ppcCall', binding, 2, at, WORDS, at);
    yield* check(result, ERROR.ECALLFAILED, 1);
    yield* check(yield sys('wait', child, block - 512), child, 2);
    return 0;
  };
const endsHere = serverEnds(false);
const endsThere = serverEnds(true);

/** A client process that is killed while a worker carries its call out, or while it waits for one. */
const clientOn = (remote: boolean) =>
  function* client(): Code<number> {
    const binding = yield sys('portBind', ...NAME);
    const at = yield* memory(1);
    yield store(at, 1);
    if (remote) yield sys('ppcCallOn', binding, 2, at, WORDS, at, 0);
    else yield sys('ppcCall', binding, 2, at, WORDS, at);
    return 0;
  };
const clientHere = clientOn(false);
const clientThere = clientOn(true);

function* clientsAreKilled(_: number, block: number): Code<number> {
  const shared = yield* setUp();
  yield* spawn(slowWorker, shared, 0);
  yield sys('sleep', 3000);
  const children: number[] = [];
  for (const [client, hart] of [
    [clientHere, 0],
    [clientHere, 0],
    [clientThere, 1],
    [clientThere, 2],
  ] as const)
    children.push(yield sys('spawn', yield addressOf(client), 0, hart));
  yield sys('sleep', 9000);
  for (const child of children) {
    yield* check(yield sys('kill', child), 0, 1);
    yield* check(yield sys('wait', child, block - 512), child, 2);
  }
  // The worker goes on with others.
  yield* check(yield* callOn(shared, 0, 3, 1), 4, 3);
  return 0;
}

function* manySends(): Code<number> {
  const shared = yield* setUp();
  yield* spawn(worker, shared, 1);
  yield* check(yield* callOn(shared, 1, 0, 1), 1, 1);
  const binding = yield load(shared + BINDING);
  yield store(shared + RESULT, 1);
  for (let sent = 0; sent < 100; ) {
    const result = yield sys('ppcSend', binding, 0, shared + RESULT, 4, 1);
    if (result === 0) sent += 1;
    else yield* check(result, ERROR.EAGAIN, 2);
  }
  // In the order of sending: when the last call returns, all have been carried out.
  yield* check(yield* callOn(shared, 1, 0, 1), 1, 3);
  yield* check(yield load(shared + SUM), 100, 4);
  return 0;
}

/** As many sends as nobody takes, and then the port closes. */
function* sendsToABusyWorker(): Code<number> {
  const shared = yield* setUp();
  yield* spawn(slowWorker, shared, 1);
  yield* check(yield* callOn(shared, 1, 0, 1), 1, 1);
  let sent = 0;
  const binding = yield load(shared + BINDING);
  while ((yield sys('ppcSend', binding, 0, shared, 4, 1)) === 0) sent += 1;
  yield* check(sent >= 64 && sent < 96 ? 1 : 0, 1, 2);
  return 0;
}

/** Deferred: a call to the caller's own hart is carried out when the caller gives it up. */
function* defers(): Code<number> {
  const shared = yield* setUp();
  yield* spawn(worker, shared, 0);
  yield sys('sleep', 3000);
  yield store(shared + RESULT, 9);
  yield* check(yield sys('ppcSend', yield load(shared + BINDING), 0, shared + RESULT, 4, 0), 0, 1);
  yield* check(yield load(shared + SUM), 0, 2);
  yield sys('yield');
  yield* check(yield load(shared + SUM), 9, 3);
  return 0;
}

/** A worker carries out one call only. */
function* acceptsTwice(_: number, block: number): Code<number> {
  const shared = yield* setUp();
  const caller = yield* spawn(callsWhenPossible, shared, 0);
  const port = yield load(shared + PORT);
  const room = yield* memory(1);
  yield* check(yield sys('ppcAccept', port, room, 4), 2, 1);
  yield* check(yield sys('ppcAccept', port, room, 4), ERROR.EBUSY, 2);
  yield* check(yield sys('ppcReturn', port, 0x2000_0000, 4, 2, room, 4), ERROR.EFAULT, 3);
  yield* check(yield sys('threadSpawn', yield addressOf(closesSoon), port, 0), 3, 4);
  yield* check(yield sys('ppcReturn', port, room, 8, 2, room, 4), ERROR.ECALLFAILED, 5);
  yield* join(caller, block, -ERROR.EMSGSIZE, 6);
  return 0;
}

function* closesSoon(port: number): Code<number> {
  yield sys('sleep', 3000);
  return yield sys('portClose', port);
}

function* callsWhenPossible(shared: number): Code<number> {
  const at = yield* memory(1);
  const binding = yield load(shared + BINDING);
  for (;;) {
    const result = yield sys('ppcCall', binding, 2, at, WORDS, at);
    if (result !== ERROR.ESRCH) return -result;
    yield sys('sleep', 500);
  }
}

/** The process of a worker moves to another node, and the worker with it. */
function* workerMoves(): Code<number> {
  const shared = yield* setUp();
  yield* spawn(worker, shared, 0);
  yield* check(yield* callOn(shared, 0, 1, 1), 2, 1);
  yield* check(yield sys('migrate', yield sys('currentProcess'), 1), 0, 2);
  const binding = yield load(shared + BINDING);
  yield store(shared + RESULT, 4);
  // It waits where it was until it is called there; from then on it is elsewhere.
  yield* check(yield sys('ppcCallOn', binding, 1, shared + RESULT, WORDS, shared + RESULT, 0), 1, 3);
  yield* check(yield load(shared + RESULT), 5, 4);
  yield sys('sleep', 3000);
  yield* check(
    yield sys('ppcCallOn', binding, 1, shared + RESULT, WORDS, shared + RESULT, 0),
    ERROR.ESRCH,
    5,
  );
  const there = yield sys('currentHart');
  yield* check(yield sys('ppcCall', binding, 1, shared + RESULT, WORDS, shared + RESULT), 1, 6);
  yield* check(there >= 2 ? 1 : 0, 1, 7);
  return 0;
}

const SCENES = {
  'come back from every hart, called from every hart': fromEveryHartToEveryHart,
  'are refused without a worker, or with bad arguments': noWorkers,
  'wait for a worker that is busy': queueForOne,
  'fail when the port closes': closesBusy,
  'fail when the server ends (same hart)': endsHere,
  'fail when the server ends (another hart)': endsThere,
  'end when the client is killed': clientsAreKilled,
  'are carried out once each, when nobody waits for them': manySends,
  'are refused when too many wait, and nothing is left of them': sendsToABusyWorker,
  'are deferred, to the own hart': defers,
  'are returned from once': acceptsTwice,
} as const;

describe('protected procedure calls', () => {
  test.each(Object.keys(SCENES) as (keyof typeof SCENES)[])('%s', (name) => {
    for (const preset of ['cc-numa', 'smp'])
      for (const seed of [1, 2])
        expectStatus(0, SCENES[name], { preset, harts: HARTS, seed, options: { heapChecked: true } });
  });

  test('go where the worker has gone', () => {
    const { machine } = expectStatus(0, workerMoves, { harts: HARTS, set: { nodes: 2, coresPerNode: 2 } });
    expect(machine.harts).toBe(HARTS);
  });
});
