/** Arguments and results that a message has no room for: in a segment beside it over LRPC, refused by name elsewhere. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, MARK, store } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { COPY, ERROR, LIMIT } from '../../../kernel/abi/index.ts';
import {
  byReference,
  bytes,
  clientOf,
  defineInterface,
  immutable,
  implement,
  lrpc,
  messages,
  procedure,
  protectedCalls,
  restricted,
  serverMemory,
  type Transport,
  variable,
  word,
} from '../../../userland/ipc/index.ts';
import { check, type Entry, expectStatus, MACHINES, sys } from '../run.ts';
import { memory } from './echo-domains.ts';

const BIG = 6000;
const MOST = 20_000;

const Large = defineInterface('large', {
  sum: procedure({ text: variable(MOST), key: word }, { sum: word }),
  keep: procedure({ text: immutable(variable(8000)) }, { sum: word }),
  turn: procedure({ data: bytes(BIG) }, { data: bytes(BIG), first: word }),
  change: procedure({ data: byReference(bytes(BIG)), key: word }, {}),
});

function* sumOf(at: number, size: number): Code<number> {
  let sum = size;
  for (let offset = 0; offset + 4 <= size; offset += 4) sum = (sum + (yield load(at + offset))) | 0;
  return sum;
}

const large = implement(Large, {
  *sum({ text, key }) {
    return { sum: ((yield* sumOf(text.at, text.bytes)) + key) | 0 };
  },
  *keep({ text }) {
    return { sum: yield* sumOf(text.at, text.bytes) };
  },
  *turn({ data }, into) {
    for (let offset = 0; offset < BIG; offset += 4)
      yield store(into.data + offset, ~(yield load(data + offset)));
    return { first: yield load(data) };
  },
  *change({ data, key }) {
    for (let offset = 0; offset < BIG; offset += 4)
      yield store(data + offset, (yield load(data + offset)) ^ key);
    return {};
  },
});

const domainsOf = (transport: Transport) => ({
  client: clientOf(Large, transport),
  *server(): Code<number> {
    const exported = yield* transport.export(large);
    if (exported < 0) return 1;
    yield* transport.serve(large, exported, yield* memory(Math.ceil(serverMemory(large) / LIMIT.PAGE)), 0);
    return 0;
  },
});
const OVER = {
  lrpc: domainsOf(lrpc),
  message: domainsOf(messages),
  restricted: domainsOf(restricted),
  ppc: domainsOf(protectedCalls),
} as const;
type Name = keyof typeof OVER;

function* connect(name: Name): Code<number> {
  const { client, server } = OVER[name];
  yield sys('spawn', yield addressOf(server), 0, 0);
  const binding = yield* memory(4);
  while ((yield* client.bind(binding)) === ERROR.ESRCH) yield sys('sleep', 500);
  for (;;) {
    const answer = yield* client.call.sum(binding, { text: { at: binding, bytes: 0 }, key: 1 });
    if (answer.kind === 'returned') return binding;
    yield sys('sleep', 500);
  }
}

/** Sizes around what a message has room for, and up to the most. */
const SIZES = [0, 4, 1000, 1484, 1488, 1492, 4096, MOST];
const MOST_INLINE = 1488;

const variableSizes = (name: Name): Entry =>
  function* main(): Code<number> {
    const { client } = OVER[name];
    const binding = yield* connect(name);
    const at = yield* memory(6);
    let expected = 7;
    for (let offset = 0; offset < MOST; offset += 4) yield store(at + offset, offset * 3);
    for (const size of [...SIZES, ...SIZES]) {
      expected = (yield* sumOf(at, size)) + 7;
      const answer = yield* client.call.sum(binding, { text: { at, bytes: size }, key: 7 });
      const fits = name === 'lrpc' || size <= MOST_INLINE;
      const got = answer.kind === 'returned' ? answer.results.sum : answer.error;
      yield* check(got, fits ? expected | 0 : ERROR.EMSGSIZE, 1);
    }
    for (const size of [-1, MOST + 1]) {
      const answer = yield* client.call.sum(binding, { text: { at, bytes: size }, key: 7 });
      yield* check(answer.kind === 'failed' ? answer.error : 0, ERROR.EMSGSIZE, 2);
    }
    yield* check(yield* client.unbind(binding), 0, 3);
    return 0;
  };

const fixedSizes = (name: Name): Entry =>
  function* main(): Code<number> {
    const { client } = OVER[name];
    const binding = yield* connect(name);
    const at = yield* memory(4);
    for (let round = 0; round < 2; round += 1) {
      for (let offset = 0; offset < BIG; offset += 4) yield store(at + offset, offset + round);
      const turned = yield* client.call.turn(binding, { data: at }, { data: at + 2 * LIMIT.PAGE });
      if (name !== 'lrpc') {
        yield* check(turned.kind === 'failed' ? turned.error : 0, ERROR.EMSGSIZE, 1);
        continue;
      }
      yield* check(turned.kind === 'returned' ? turned.results.first : turned.error, round, 2);
      const changed = yield* client.call.change(binding, { data: at, key: 0xff00 });
      yield* check(changed.kind === 'returned' ? 0 : changed.error, 0, 3);
      for (let offset = 0; offset < BIG; offset += 4) {
        yield* check(yield load(at + 2 * LIMIT.PAGE + offset), ~(offset + round), 4);
        yield* check(yield load(at + offset), (offset + round) ^ 0xff00, 5);
      }
    }
    return 0;
  };

function* copies(): Code<number> {
  const { client } = OVER.lrpc;
  const binding = yield* connect('lrpc');
  const at = yield* memory(4);
  yield* client.call.turn(binding, { data: at }, { data: at + 2 * LIMIT.PAGE });
  yield* client.call.keep(binding, { text: { at, bytes: 3000 } });
  return 0;
}

/** A client ends with a segment, while its call is under way or not; others bind and go on. */
function* leavesOne(): Code<number> {
  const { client } = OVER.lrpc;
  const binding = yield* memory(4);
  while ((yield* client.bind(binding)) === ERROR.ESRCH) yield sys('sleep', 500);
  yield* client.call.sum(binding, { text: { at: binding, bytes: 0 }, key: 1 });
  yield* client.call.turn(binding, { data: binding }, { data: yield* memory(2) });
  return 0;
}

function* clientsEnd(_: number, block: number): Code<number> {
  const binding = yield* connect('lrpc');
  for (let round = 0; round < 6; round += 1) {
    const child = yield sys('spawn', yield addressOf(leavesOne), 0, -1);
    if (round % 2 === 1) {
      yield sys('sleep', 20_000 + 15_000 * round);
      yield sys('kill', child);
    }
    yield* check(yield sys('wait', child, block - 512), child, 1);
  }
  const answer = yield* OVER.lrpc.client.call.keep(binding, { text: { at: binding, bytes: 2000 } });
  yield* check(answer.kind === 'returned' ? 0 : answer.error, 0, 2);
  return 0;
}

describe.each(Object.keys(OVER) as Name[])('over %s', (name) => {
  test('an argument may have as many bytes as each call says', () => {
    expectStatus(0, variableSizes(name), { harts: 1 });
  });
  test('large blocks come through, or are refused by name', () => {
    expectStatus(0, fixedSizes(name), { preset: 'smp', harts: 2 });
  });
});

test('large arguments are copied as others are: once, immutable ones twice', () => {
  const letters = Object.keys(COPY);
  const seen: string[] = [];
  const watch = (machine: Machine): void => {
    machine.trace.attach({
      event: (event) => {
        if (event.kind === 'mark' && event.mark === MARK.copied) seen.push(`${letters[event.a]}${event.b}`);
      },
    });
  };
  expectStatus(0, copies, { watch, harts: 1 });
  expect(seen.slice(-7).join(' ')).toBe(`A${BIG} F${BIG} F4 A4 A3000 E3000 F4`);
});

test.each([MACHINES[0], MACHINES[4]])('nothing is left of clients that end ($preset, $harts)', (machine) => {
  expectStatus(0, clientsEnd, { ...machine, options: { heapChecked: true } });
});
