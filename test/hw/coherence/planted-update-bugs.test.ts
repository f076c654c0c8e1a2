/** Machines with a bug in their updates: the random programs must find each. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DRAGON } from '../../../hw/coherence/dragon.ts';
import type { ActionName, EventName, State, Transition } from '../../../hw/coherence/transition.ts';
import type { Machine } from '../../../hw/machine.ts';
import { effort } from '../effort.ts';
import { shapes, small } from '../machines.ts';
import { type Access, programs } from '../random-access.ts';
import { type Choice, firstFlaw } from './check-run.ts';

/** Dragon with another answer in one place. */
const altered = (state: State, event: EventName, next: State, action: ActionName): readonly Transition[] =>
  DRAGON.map((row) => (row.state === state && row.event === event ? { ...row, next, action } : row));

const WRONG_TABLES: readonly [string, readonly Transition[]][] = [
  ['the owner among sharers goes without writing back', altered('Sm', 'evict', 'I', 'none')],
  ['a sole owner goes without writing back', altered('M', 'evict', 'I', 'none')],
  ['an owner that another core reads stops answering', altered('M', 'remoteLoad', 'S', 'give')],
  ['an owner lets memory answer', altered('M', 'remoteLoad', 'Sm', 'none')],
  ['the owner among sharers lets memory answer', altered('Sm', 'remoteLoad', 'Sm', 'none')],
  ['the old owner stays one when another core writes', altered('Sm', 'remoteUpdate', 'Sm', 'take')],
  ['a writer among sharers does not become the owner', altered('S', 'storeShared', 'S', 'update')],
  [
    'a write miss among sharers does not become the owner',
    altered('I', 'storeShared', 'S', 'fetchAndUpdate'),
  ],
  ['a writer among sharers believes to be alone', altered('S', 'storeShared', 'M', 'update')],
  ['a second reader believes to be alone', altered('I', 'loadShared', 'E', 'fetch')],
  ['an exclusive line stays so when another core reads', altered('E', 'remoteLoad', 'E', 'supply')],
  ['a modified line stays so when another core reads', altered('M', 'remoteLoad', 'M', 'give')],
  ['an exclusive line is written without leaving E', altered('E', 'store', 'E', 'none')],
];

const DAMAGE: readonly [string, (machine: Machine) => void][] = [
  [
    'one sharer does not get the word',
    ({ coherent }) => {
      const { holders } = coherent;
      const publish = coherent.publish.bind(coherent);
      coherent.publish = (hart, word, count) => {
        const find = holders.find.bind(holders);
        holders.find = (line) => Math.max(0, find(line) - 1);
        publish(hart, word, count);
        holders.find = find;
      };
    },
  ],
  [
    'nobody gets the word',
    ({ coherent }) => {
      coherent.publish = () => void (coherent.shared = false);
    },
  ],
  [
    'of a line that is zeroed only the first word is sent',
    ({ coherent }) => {
      const publish = coherent.publish.bind(coherent);
      coherent.publish = (hart, word) => publish(hart, word, 1);
    },
  ],
  [
    'a word is sent before it is written',
    ({ coherent }) => {
      const own = coherent.own.bind(coherent);
      const publish = coherent.publish.bind(coherent);
      coherent.own = (hart, line, slot, now, whole) => {
        const mine = own(hart, line, slot, now, whole);
        if (coherent.shared) publish(hart, mine * 4, 1);
        return mine;
      };
    },
  ],
  [
    'a reservation survives the word that another core sends',
    ({ state }) => {
      state.loseReservations = () => undefined;
    },
  ],
  [
    'a reader does not get the owner’s data',
    ({ caches }) => {
      caches.copyAcross = () => undefined;
    },
  ],
];

function isFound(
  choose: (config: Choice['config'], random: Access[][]) => Choice,
  preset: 'smp' | 'cc-numa',
  cases = 150,
) {
  const property = fc.property(shapes(4), programs(8, 60), (shape, random) => {
    const fitted = { ...shape, preset, nodes: preset === 'smp' ? 1 : shape.nodes, line: 16 };
    try {
      return firstFlaw(choose(small(fitted, { coherence: 'update' }), random)) === undefined;
    } catch {
      // The machine itself may stumble over what was damaged: found as well.
      return false;
    }
  });
  return fc.check(property, { ...effort(cases), endOnFailure: true }).failed;
}

describe.each(['smp', 'cc-numa'] as const)('on %s the checks find that', (preset) => {
  test.each(WRONG_TABLES)('%s', (_, protocol) => {
    expect(isFound((config, random) => ({ config, programs: random, protocol }), preset)).toBe(true);
  });

  test.each(DAMAGE)('%s', (_, damage) => {
    expect(isFound((config, random) => ({ config, programs: random, damage }), preset)).toBe(true);
  });

  test('and in a machine that is whole they find nothing', () => {
    expect(isFound((config, random) => ({ config, programs: random }), preset, 30)).toBe(false);
  });
});
