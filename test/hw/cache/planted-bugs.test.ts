/** Machines whose two private levels get in each other's way: the random programs must find each bug. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATE } from '../../../hw/coherence/protocol.ts';
import type { Machine } from '../../../hw/machine.ts';
import { firstFlaw } from '../coherence/check-run.ts';
import { effort } from '../effort.ts';
import { programs } from '../random-access.ts';
import { levelled, levelledShapes } from './levelled.ts';

type Damage = (machine: Machine) => void;

/** Whether a slot belongs to a second level. */
const isLower = ({ caches }: Machine, slot: number): boolean =>
  slot !== caches.spare && slot % caches.slots >= caches.ways * (caches.setMask + 1);

const DAMAGE: readonly [string, Damage][] = [
  [
    'a line that comes up stays below as well',
    (machine) => {
      const { caches } = machine;
      const drop = caches.drop.bind(caches);
      const move = caches.move.bind(caches);
      caches.move = (from, to) => {
        if (isLower(machine, from)) caches.drop = () => undefined;
        move(from, to);
        caches.drop = drop;
      };
    },
  ],
  [
    'a line that goes down is forgotten to be dirty',
    (machine) => {
      const { caches } = machine;
      const move = caches.move.bind(caches);
      caches.move = (from, to) => {
        move(from, to);
        if (isLower(machine, to) && caches.state[to] === STATE.M) caches.state[to] = STATE.E;
      };
    },
  ],
  [
    'a line that goes down leaves its data behind',
    (machine) => {
      const { caches } = machine;
      const move = caches.move.bind(caches);
      caches.move = (from, to) => {
        const start = to * caches.lineWords;
        const before = caches.data.slice(start, start + caches.lineWords);
        move(from, to);
        if (isLower(machine, to)) caches.data.set(before, start);
      };
    },
  ],
  [
    'what the second level lets go is not written back',
    ({ caches, coherent }) => {
      const evict = coherent.evict.bind(coherent);
      coherent.evict = (hart, slot, now) => {
        const first = caches.ways * (caches.setMask + 1);
        if (slot % caches.slots >= first && caches.state[slot] === STATE.M) caches.state[slot] = STATE.E;
        evict(hart, slot, now);
      };
    },
  ],
  [
    'what the second level lets go stays in the directory',
    ({ caches, coherent }) => {
      const { holders } = coherent;
      const evict = coherent.evict.bind(coherent);
      coherent.evict = (hart, slot, now) => {
        const remove = holders.remove.bind(holders);
        if (slot % caches.slots >= caches.ways * (caches.setMask + 1)) holders.remove = () => undefined;
        evict(hart, slot, now);
        holders.remove = remove;
      };
    },
  ],
  [
    'others look only at the first level',
    ({ caches }) => {
      caches.locate = (core, line) => caches.find(core, line);
    },
  ],
  [
    'a line at the second level is not found, and is fetched again',
    ({ coherent }) => {
      coherent.levels.promote = () => -1;
    },
  ],
  [
    'a line goes to the second level of the core beside',
    (machine) => {
      const { caches, state } = machine;
      const place = caches.firstLowerSlot.bind(caches);
      caches.firstLowerSlot = (core, line) => place((core + 1) % state.cores, line);
      caches.findLower = (core, line) => {
        const first = place(core, line);
        for (let slot = first; slot < first + caches.lowerWays; slot++)
          if (caches.line[slot] === line) return slot;
        return -1;
      };
    },
  ],
];

function isFound(damage: Damage, coherence: 'invalidate' | 'update', cases = 150): boolean {
  const property = fc.property(levelledShapes(4, [coherence]), programs(8, 60), (shape, random) => {
    try {
      return firstFlaw({ config: levelled(shape), programs: random, damage }) === undefined;
    } catch {
      // The machine itself may stumble over what was damaged: found as well.
      return false;
    }
  });
  return fc.check(property, { ...effort(cases), endOnFailure: true }).failed;
}

describe.each(['invalidate', 'update'] as const)('with writes that %s the checks find that', (coherence) => {
  test.each(DAMAGE)('%s', (_, damage) => {
    expect(isFound(damage, coherence)).toBe(true);
  });

  test('and in a machine that is whole they find nothing', () => {
    expect(isFound(() => undefined, coherence, 30)).toBe(false);
  });
});
