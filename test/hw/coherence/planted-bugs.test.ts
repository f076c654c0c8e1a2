/** Machines with a bug in their coherence: the random programs must find each. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MESI } from '../../../hw/coherence/mesi.ts';
import type { ActionName, EventName, State, Transition } from '../../../hw/coherence/transition.ts';
import { STATE } from '../../../hw/coherence/protocol.ts';
import type { Machine } from '../../../hw/machine.ts';
import { effort } from '../effort.ts';
import { PRESET_NAMES, type Shape, shapes, small } from '../machines.ts';
import { type Access, programs } from '../random-access.ts';
import { type Choice, firstFlaw } from './check-run.ts';

/** MESI with another answer in one place. */
const altered = (state: State, event: EventName, next: State, action: ActionName): readonly Transition[] =>
  MESI.map((row) => (row.state === state && row.event === event ? { ...row, next, action } : row));

const WRONG_TABLES: readonly [string, readonly Transition[]][] = [
  ['an upgrade sends no invalidation', altered('S', 'store', 'M', 'none')],
  ['a write-back is dropped', altered('M', 'evict', 'I', 'none')],
  ['a dirty line is supplied without an update of memory', altered('M', 'remoteLoad', 'S', 'none')],
  ['a dirty line is not handed over', altered('M', 'remoteStore', 'I', 'none')],
  ['a second reader gets the line exclusively', altered('I', 'loadShared', 'E', 'fetch')],
  ['an exclusive line stays so when another core reads', altered('E', 'remoteLoad', 'E', 'supply')],
  ['a modified line stays so when another core reads', altered('M', 'remoteLoad', 'M', 'supply')],
  ['a shared line is written without leaving S', altered('S', 'store', 'S', 'upgrade')],
  ['an exclusive line is written without leaving E', altered('E', 'store', 'E', 'none')],
  ['a write miss gets the line in S', altered('I', 'store', 'S', 'fetchExclusive')],
];

const DAMAGE: readonly [string, (machine: Machine) => void][] = [
  [
    'the directory forgets every fifth sharer',
    ({ coherent: { holders } }) => {
      const add = holders.add.bind(holders);
      let count = 0;
      holders.add = (line, core) => (++count % 5 === 0 ? undefined : add(line, core));
    },
  ],
  [
    'an evicted line stays in the directory',
    ({ coherent: { holders }, caches }) => {
      const remove = holders.remove.bind(holders);
      let count = 0;
      holders.remove = (line, core) =>
        ++count % 3 === 0 && caches.ways > 0 ? undefined : remove(line, core);
    },
  ],
  [
    'a clean line is copied in one word short',
    ({ caches }) => {
      const { lineWords } = caches;
      caches.copyIn = (slot, words, line) => {
        for (let word = 0; word < lineWords - 1; word++) {
          caches.data[slot * lineWords + word] = words[line * lineWords + word] as number;
        }
      };
    },
  ],
  [
    'a dirty line goes home one word short',
    ({ caches }) => {
      const { lineWords } = caches;
      caches.copyOut = (slot, words, line) => {
        for (let word = 1; word < lineWords; word++) {
          words[line * lineWords + word] = caches.data[slot * lineWords + word] as number;
        }
      };
    },
  ],
  [
    'a reservation survives the store of another core',
    ({ state }) => {
      state.loseReservations = () => undefined;
    },
  ],
  [
    'a line is installed as modified when it was only read',
    ({ caches }) => {
      const install = caches.install.bind(caches);
      caches.install = (slot, line, state) => install(slot, line, state === STATE.S ? STATE.M : state);
    },
  ],
];

/** Whether one of the random programs on one of the shapes shows a flaw. */
function isFound(choose: (shape: Shape, random: Access[][]) => Choice): boolean {
  const property = fc.property(shapes(4), programs(8, 60), (shape, random) => {
    try {
      return firstFlaw(choose(shape, random)) === undefined;
    } catch {
      // The machine itself may stumble over what was damaged: found as well.
      return false;
    }
  });
  return fc.check(property, { ...effort(150), endOnFailure: true }).failed;
}

describe.each(PRESET_NAMES)('on %s the checks find that', (preset) => {
  const on = (shape: Shape) => small({ ...shape, preset, nodes: preset === 'smp' ? 1 : shape.nodes });

  test.each(WRONG_TABLES)('%s', (_, protocol) => {
    expect(isFound((shape, random) => ({ config: on(shape), programs: random, protocol }))).toBe(true);
  });

  test.each(DAMAGE)('%s', (_, damage) => {
    expect(isFound((shape, random) => ({ config: on(shape), programs: random, damage }))).toBe(true);
  });
});
