/** Conventional RPC between two domains: what comes back, and how often bytes are copied on the way. */
import { describe, expect, test } from 'vitest';
import { type Code, store } from '../../../hw/isa/index.ts';
import { expectStatus, MACHINES } from '../run.ts';
import { copiesOf } from './copies.ts';
import { callAll, connect, DOMAINS, type DomainsName, memory } from './echo-domains.ts';

const names = ['message', 'restricted'] as const satisfies readonly DomainsName[];

/** Makes every call a few times, then ends; the server is ended with everybody else. */
const caller = (name: DomainsName, hart: number) =>
  function* calls(): Code<number> {
    const binding = yield* connect(DOMAINS[name], hart);
    if (binding < 0) return 1;
    for (let round = 1; round <= 3; round += 1) yield* callAll(DOMAINS[name], binding, 1000 * round);
    return 0;
  };

const CALLS = 3;

/** Makes calls with a block in and out; nobody else copies anything. */
const copier = (name: DomainsName, hart: number) =>
  function* calls(): Code<number> {
    const binding = yield* connect(DOMAINS[name], hart);
    const data = yield* memory(1);
    // A page that nobody has touched is not at hand for a copy from the side.
    yield store(data, 1);
    for (let call = 0; call < CALLS; call += 1)
      yield* DOMAINS[name].client.call.bigInOut(binding, { data }, { data: data + 256 });
    return 0;
  };

describe.each(names)('calls by %s passing', (name) => {
  test.each(MACHINES)('come back from the same hart ($preset, $harts harts)', (machine) => {
    expectStatus(0, caller(name, 0), machine);
  });

  test.each(MACHINES.filter(({ harts }) => harts > 1))(
    'come back from another hart ($preset, $harts harts)',
    (machine) => {
      expectStatus(0, caller(name, machine.harts - 1), machine);
    },
  );

  test.each([0, 3])('are copied as often as table III says (server on hart %i)', (hart) => {
    const copies = copiesOf(copier(name, hart));
    const path = name === 'message' ? 'A200 B200 C200 E200 B200 C200 F200' : 'A200 D200 E200 B200 F200';
    expect(copies.join(' ')).toBe(Array.from({ length: CALLS }, () => path).join(' '));
  });

  test('come back where one lock serves all transfers', () => {
    expectStatus(0, caller(name, 1), { options: { transfer: 'global', heapChecked: true } });
  });
});
