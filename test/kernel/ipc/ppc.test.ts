/** Protected procedure calls between two domains: what comes back, what is copied, and what is not touched. */
import { describe, expect, test } from 'vitest';
import { type Code, MARK, store } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { COPY } from '../../../kernel/abi/index.ts';
import { STEP } from '../../../kernel/steps.ts';
import { expectStatus, MACHINES } from '../run.ts';
import { copiesOf } from './copies.ts';
import { callAll, connect, DOMAINS, memory } from './echo-domains.ts';

const { ppc } = DOMAINS;

function* caller(): Code<number> {
  const binding = yield* connect(ppc, 0);
  if (binding < 0) return 1;
  for (let round = 1; round <= 3; round += 1) yield* callAll(ppc, binding, 1000 * round);
  return 0;
}

const CALLS = 3;

function* copier(): Code<number> {
  const binding = yield* connect(ppc, 0);
  const data = yield* memory(1);
  yield store(data, 1);
  for (let call = 0; call < CALLS; call += 1)
    yield* ppc.client.call.bigInOut(binding, { data }, { data: data + 256 });
  return 0;
}

describe('protected procedure calls', () => {
  test.each(MACHINES)('come back from a worker of the same hart ($preset, $harts harts)', (machine) => {
    expectStatus(0, caller, machine);
  });

  test('are copied from domain to domain at once', () => {
    const copies = copiesOf(copier);
    // The first time the worker's page is not at hand.
    expect(copies.slice(-2 * 5).join(' ')).toBe('A200 D200 E200 D200 F200 A200 D200 E200 D200 F200');
  });

  test('switch without the dispatcher', () => {
    let handOvers = 0;
    let dispatches = 0;
    let calls = 0;
    const watch = (machine: Machine): void => {
      machine.trace.attach({
        event: (event) => {
          if (event.kind === 'mark' && event.mark === MARK.copied && event.a === COPY.A) calls += 1;
          if (event.kind !== 'enter' || calls < 2) return;
          if (event.step === STEP.handOver) handOvers += 1;
          if (event.step === STEP.dispatch) dispatches += 1;
        },
      });
    };
    expectStatus(0, copier, { watch, harts: 1 });
    expect(handOvers).toBe(2 * (CALLS - 1));
    expect(dispatches).toBeLessThanOrEqual(1);
  });
});
