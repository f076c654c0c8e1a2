/** The uncommon cases of a call, the same for every mechanism: time-outs, crashes, circular calls, too many at a time. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { BINDING } from '../../../userland/ipc/index.ts';
import { check, type Entry, expectStatus, sys } from '../run.ts';
import { memory, ODD, type OddName } from './odd-domains.ts';

const NAMES = Object.keys(ODD) as OddName[];
const LIMIT = 20_000;
const LONG = 300_000;

/** A call takes too long, the next ones do not. */
const timesOut = (name: OddName): Entry =>
  function* main(): Code<number> {
    const { client, connect } = ODD[name];
    const binding = yield* connect(2, 0);
    yield store(binding + BINDING.TIMEOUT, LIMIT);
    for (let round = 0; round < 2; round += 1) {
      const before = yield sys('clock');
      const late = yield* client.call.doze(binding, { cycles: LONG });
      const took = (yield sys('clock')) - before;
      yield* check(late.kind === 'failed' ? late.error : 0, ERROR.ETIMEDOUT, 1);
      yield* check(took >= LIMIT && took < LONG ? 1 : 0, 1, 2);
      // The server has to be done with it, or to have another thread.
      yield store(binding + BINDING.TIMEOUT, 2 * LONG);
      for (let call = 0; call < 4; call += 1) {
        const early = yield* client.call.doze(binding, { cycles: 500 });
        yield* check(early.kind === 'returned' ? early.results.slept : early.error, 0, 3);
      }
      yield store(binding + BINDING.TIMEOUT, LIMIT);
    }
    yield* check(yield sys('currentThread'), 1, 4);
    yield store(binding + BINDING.TIMEOUT, -1);
    const never = yield* client.call.doze(binding, { cycles: 1 });
    yield* check(never.kind === 'failed' ? never.error : 0, ERROR.EINVAL, 5);
    return 0;
  };

/** The procedure stores where nothing is: its process ends, the caller does not. */
const crashes = (name: OddName): Entry =>
  function* main(): Code<number> {
    const { client, connect } = ODD[name];
    const binding = yield* connect(1, 0);
    for (let round = 0; round < 2; round += 1) {
      const answer = yield* client.call.crash(binding, {});
      yield* check(answer.kind === 'failed' ? answer.error : 0, ERROR.ECALLFAILED, 1);
    }
    yield* check(yield* client.unbind(binding), 0, 2);
    return 0;
  };

/** Calls go to and fro between two domains; `threads` of each server. */
const goAround = (name: OddName, threads: number, timeout: number, expected: number): Entry =>
  function* main(): Code<number> {
    const { client, connect } = ODD[name];
    const binding = yield* connect(threads, 0);
    yield store(binding + BINDING.TIMEOUT, timeout);
    const answer = yield* client.call.around(binding, { left: 5 });
    yield* check(answer.kind === 'returned' ? answer.results.calls : answer.error, expected, 1);
    return 0;
  };

const THREADS = 8;

/** More calls at a time than there are messages, A-stacks, threads or workers for. */
const crowd = (name: OddName): { readonly main: Entry } => {
  const { client, connect } = ODD[name];
  const calls = function* calls(binding: number): Code<number> {
    for (let round = 0; round < 4; round += 1) {
      const answer = yield* client.call.doze(binding, { cycles: 700 });
      if (answer.kind === 'failed') return -answer.error;
    }
    return 0;
  };
  return {
    *main(_, block) {
      const binding = yield* connect(2, 0);
      const numbers = yield* memory(1);
      for (let index = 0; index < THREADS; index += 1)
        yield store(numbers + 4 * index, yield sys('threadSpawn', yield addressOf(calls), binding, 0));
      for (let index = 0; index < THREADS; index += 1) {
        yield* check(yield sys('threadJoin', yield load(numbers + 4 * index), block - 512), 0, 1);
        yield* check(yield load(block - 512), 0, 2);
      }
      return 0;
    },
  };
};

const MACHINES = [
  { preset: 'cc-numa', harts: 1, options: { heapChecked: true } },
  { preset: 'smp', harts: 4, options: { heapChecked: true } },
] as const;

describe.each(NAMES)('%s', (name) => {
  test('a call that takes too long gives ETIMEDOUT, and nothing is lost', () => {
    for (const machine of MACHINES) expectStatus(0, timesOut(name), machine);
  });
  test('a procedure that crashes gives its caller ECALLFAILED', () => {
    for (const machine of MACHINES) {
      const { output } = expectStatus(0, crashes(name), machine);
      expect(output).toContain('process 2');
    }
  });
  test('two domains call each other', () => {
    for (const machine of MACHINES) expectStatus(0, goAround(name, 3, 0, 6), machine);
  });
  test('more calls than there is room for wait, and all are carried out', () => {
    for (const machine of MACHINES) expectStatus(0, crowd(name).main, machine);
  });
});

test.each(['message', 'restricted', 'ppc'] as const)(
  'circular calls of %s to servers without a free thread wait until their time is up',
  (name) => {
    expectStatus(0, goAround(name, 1, LONG, ERROR.ETIMEDOUT));
  },
);
