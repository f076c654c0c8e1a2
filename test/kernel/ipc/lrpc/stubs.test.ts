/** Stubs over LRPC: what comes back, how often bytes are copied, and A-stacks taken by many threads. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, MARK, store } from '../../../../hw/isa/index.ts';
import type { Machine } from '../../../../hw/machine.ts';
import { COPY } from '../../../../kernel/abi/index.ts';
import { callAll, connect, DOMAINS, memory } from '../echo-domains.ts';
import { check, expectStatus, MACHINES, sys } from '../../run.ts';

const { lrpc } = DOMAINS;

function* callsAll(): Code<number> {
  const binding = yield* connect(lrpc, -1);
  if (binding < 0) return 1;
  for (let round = 1; round <= 3; round += 1) yield* callAll(lrpc, binding, 1000 * round);
  yield* check(yield* lrpc.client.unbind(binding), 0, 2);
  return 0;
}

function* copies(): Code<number> {
  const binding = yield* connect(lrpc, -1);
  const data = yield* memory(1);
  yield* lrpc.client.call.bigInOut(binding, { data }, { data: data + 256 });
  yield* lrpc.client.call.keep(binding, { data });
  return 0;
}

/** Adds many times through a binding that all threads share. */
function* adds(binding: number): Code<number> {
  for (let round = 0; round < 10; round += 1) {
    const answer = yield* lrpc.client.call.add(binding, { a: round, b: binding });
    yield* check(answer.kind === 'returned' ? answer.results.sum : answer.error, round + binding, 3);
  }
  return 0;
}

/** More threads than the procedure has A-stacks at first. */
function* shares(): Code<number> {
  const binding = yield* connect(lrpc, -1);
  const numbers = yield* memory(1);
  for (let index = 0; index < 8; index += 1)
    yield store(numbers + 4 * index, yield sys('threadSpawn', yield addressOf(adds), binding, -1));
  for (let index = 0; index < 8; index += 1)
    yield* check(yield sys('threadJoin', yield load(numbers + 4 * index), 0), 0, 4);
  return 0;
}

describe('stubs over LRPC', () => {
  test.each(MACHINES)('bring back what the server gives ($preset, $harts harts)', (machine) => {
    expectStatus(0, callsAll, machine);
  });

  test('copy arguments once, immutable ones twice, and results once', () => {
    const letters = Object.keys(COPY);
    const seen: string[] = [];
    const watch = (machine: Machine): void => {
      machine.trace.attach({
        event: (event) => {
          if (event.kind === 'mark' && event.mark === MARK.copied) seen.push(`${letters[event.a]}${event.b}`);
        },
      });
    };
    expectStatus(0, copies, { watch });
    expect(seen.join(' ')).toBe('A200 F200 A200 E200 F4');
  });

  test.each(MACHINES)('serve more threads than there are A-stacks ($preset, $harts harts)', (machine) => {
    expectStatus(0, shares, machine);
  });
});
